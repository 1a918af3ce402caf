import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { startProcess } from "../../../../tools/processes.ts";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
/** How long the chat may take to start on a busy machine, in milliseconds. */
const START_LIMIT_MS = 60_000;
const LISTENS = /^Hutong listens on (http:\/\/\S+)$/;

/** The chat as `npm start` runs it, with its page and its phone, on a free port and with data of its own. */
export async function startRunningChat() {
  const folder = await mkdtemp(join(tmpdir(), "running-chat-"));
  const pageFolder = join(folder, "page");
  const build = ["run", "-s", "build", "-w", "apps/web", "--", "--outDir", pageFolder, "--emptyOutDir"];
  const { code, output } = await startProcess("npm", [...build, "--logLevel", "warn"], { cwd: ROOT }).exited;
  if (code !== 0) throw new Error(`the page was not built:\n${output}`);
  const environment = {
    ...process.env,
    PORT: "0",
    HUTONG_DATA_DIR: join(folder, "data"),
    HUTONG_PAGE_DIR: pageFolder,
    // Tests say in a moment what people say in minutes.
    HUTONG_SENDS_PER_SECOND: "10000",
  };
  const program = ["--conditions=source", "--import", "tsx", "apps/chat/src/main.ts"];
  const running = startProcess(process.execPath, program, { cwd: ROOT, environment });
  const line = await running.waitForLine(LISTENS, START_LIMIT_MS);
  return {
    url: LISTENS.exec(line)?.[1] ?? "",
    async [Symbol.asyncDispose]() {
      await running.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Opens the chat's page in a browser of its own, comes in as a visitor, and goes to the lobby. */
export async function visitLobby(browser: Browser, url: string, nickname: string) {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(url);
  await page.getByRole("radio", { name: "Visit" }).check({ force: true });
  await page.getByLabel("Your name").fill(nickname);
  await page.getByRole("button", { name: "Come in" }).click();
  await page.getByRole("button", { name: "Enter the lobby" }).first().click();
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  await composer.waitFor();
  return {
    errors,
    /** Writes a message and sends it. */
    async say(text: string): Promise<void> {
      await composer.fill(text);
      await composer.press("Enter");
    },
    /** Waits until a message with exactly this text can be read. */
    hears: (text: string): Promise<void> =>
      page.getByRole("log", { name: "Messages" }).locator(".bubble-text").getByText(text, { exact: true }).waitFor(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}
