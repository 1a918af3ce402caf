import type { Phone } from "./phone";

/** Holds a message with exactly this text, and chooses what to do with it. */
export async function holdMessage({ find, page }: Phone, text: string, action: string): Promise<void> {
  const bubble = find(".bubble.is-stored").filter({ has: find(".bubble-text").getByText(text, { exact: true }) });
  const box = await bubble.last().boundingBox();
  if (box === null) throw new Error(`there is no message "${text}" to be held`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await find(".sheet").waitFor();
  await page.mouse.up();
  await find(`.action-${action}`).click();
}

/** Goes back by one page. */
export function goBack({ page }: Phone): Promise<void> {
  return page.getByRole("button", { name: "Back", exact: true }).click();
}
