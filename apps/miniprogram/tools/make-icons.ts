// Draws the icons of the tab bar, which WeChat takes as pictures of at most 40 kB only: `npx tsx tools/make-icons.ts`.
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const SIDE = 81;
const FOLDER = fileURLToPath(new URL("../miniprogram/images/", import.meta.url));

/** Lines of each icon in a square of 24. */
const ICONS = {
  chats: '<path d="M20 12.5a7.5 7.5 0 0 1-7.5 7.5c-1.3 0-2.5-.3-3.6-.8L4.5 20l1-3.9A7.5 7.5 0 1 1 20 12.5z"/>',
  lobby: '<path d="M4 20V10.5L12 4l8 6.5V20"/><path d="M3 20h18"/><path d="M9.5 20v-4.5a2.5 2.5 0 0 1 5 0V20"/>',
  contacts:
    '<circle cx="9.5" cy="8.5" r="3.5"/><path d="M3.5 19.5c.4-3.4 2.8-5.3 6-5.3s5.6 1.9 6 5.3"/><path d="M15.5 5.4a3.4 3.4 0 0 1 0 6.2M18 14.8c1.5.8 2.4 2.3 2.6 4.7"/>',
  me: '<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20c.5-4 3.5-6 7.5-6s7 2 7.5 6"/>',
} as const;

const COLOURS = { light: ["#505b62", "#b5301e"], dark: ["#a4afb5", "#ee7a63"] } as const;

for (const [name, lines] of Object.entries(ICONS))
  for (const [theme, [quiet, lantern]] of Object.entries(COLOURS)) {
    await draw(`${name}-${theme}.png`, lines, quiet);
    await draw(`${name}-${theme}-on.png`, lines, lantern);
  }

async function draw(file: string, lines: string, colour: string): Promise<void> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 24 24" fill="none" stroke="${colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${lines}</svg>`;
  await sharp(Buffer.from(svg))
    .png({ compressionLevel: 9 })
    .toFile(FOLDER + file);
}
