import { eventually } from "@hutong/testing";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { STEP_LIMIT_MS } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";
import { say, startTalks } from "../support/talks.ts";

/** What has the focus: its element and its name. */
const FOCUSED = `(({ tagName, ariaLabel, textContent }) => tagName + " " + (ariaLabel ?? textContent).trim())(document.activeElement)`;

/** Waits until what has the focus is this. */
async function focuses(page: Page, name: string): Promise<void> {
  await expect.poll(() => page.evaluate(FOCUSED), { timeout: STEP_LIMIT_MS }).toBe(name);
}

/** Presses keys one after the other. */
async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Whether nothing covers or cuts off the choices of the menu. */
const IS_MENU_WHOLE = `[...document.querySelectorAll(".menu-item")].every((item) => {
  const { x, y, width, height } = item.getBoundingClientRect();
  const corners = [[x + 4, y + 4], [x + width - 4, y + height - 4]];
  return corners.every(([left, top]) => item.contains(document.elementFromPoint(left, top)));
})`;

describePage("the chat page with keys, a finger and an input method", (suite) => {
  test("on a narrow screen the focus goes with what is shown, and back to where it was", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { group, username } = await startTalks(chat.url);
    await using ada = await Person.signIn(suite.browser, chat.url, username);
    const { page } = ada;
    await page.setViewportSize({ width: 640, height: 400 });

    await ada.goTo("/?tab=contacts");
    await page.getByRole("button", { name: "Requests" }).focus();
    await press(page, "Enter");
    await page.getByRole("heading", { name: "Requests" }).waitFor();
    await press(page, "Tab");
    await focuses(page, "BUTTON Back");
    await press(page, "Enter");
    await focuses(page, "BUTTON Requests");

    await ada.goTo(`/?c=${group}`);
    await page.getByRole("button", { name: "Tea house" }).focus();
    await press(page, "Enter");
    await page.getByRole("heading", { name: "Group settings" }).waitFor();
    await press(page, "Tab");
    await focuses(page, "BUTTON Close");
    await press(page, "Escape");
    await focuses(page, "BUTTON Tea house");
    expect(ada.errors).toEqual([]);
  });

  test("the menu of a line of the list, emoji and the choice of several need no pointer", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { direct, username } = await startTalks(chat.url);
    await using ada = await Person.signIn(suite.browser, chat.url, username);
    const { page } = ada;

    await page.getByRole("list", { name: "Chats" }).getByText("yes, at six").waitFor();
    await press(page, "Control+k", "ArrowDown", "ArrowDown", "Tab", "Enter");
    await focuses(page, "BUTTON Pin");
    await press(page, "Escape");
    await focuses(page, "BUTTON More: Grace");

    await ada.goTo(`/?c=${direct}&panel=details`);
    await ada.composer.focus();
    await press(page, "Tab", "Enter");
    await focuses(page, "BUTTON 👍");
    await press(page, "ArrowRight", "Enter", "End", "Home");
    await focuses(page, "BUTTON 👍");
    expect(await ada.composer.inputValue()).toBe("❤");
    await press(page, "Escape");
    await focuses(page, "BUTTON Emoji");

    await page.getByRole("article").last().getByRole("button", { name: "More" }).press("Enter");
    await page.getByRole("menuitem", { name: "Choose several" }).press("Enter");
    await expect.poll(() => page.evaluate(FOCUSED)).toMatch(/^BUTTON Grace, /);
    await press(page, "Space");
    await page.getByText("0 chosen").waitFor();
    await press(page, "Escape");
    await focuses(page, "TEXTAREA Message");
    // Each Escape has closed what was on top and nothing else.
    expect(await page.getByRole("heading", { name: "Details" }).isVisible()).toBe(true);
    expect(ada.errors).toEqual([]);
  });

  test("keys that an input method takes neither send nor move the focus", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { direct, username } = await startTalks(chat.url);
    await using ada = await Person.signIn(suite.browser, chat.url, username);
    const { page } = ada;
    const method = await ada.context.newCDPSession(page);
    const take = (key: string): Promise<unknown> =>
      method.send("Input.dispatchKeyEvent", { type: "rawKeyDown", key, windowsVirtualKeyCode: 229 });
    const compose = (text: string): Promise<unknown> =>
      method.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });

    await ada.goTo(`/?c=${direct}`);
    await ada.choose("yes, at six", "Reply");
    await focuses(page, "TEXTAREA Message");
    await compose("ni hao");
    for (const key of ["Enter", "Escape"]) await take(key);
    await method.send("Input.insertText", { text: "你好" });
    expect(await ada.composer.inputValue()).toBe("你好");
    expect(await page.getByText("Reply to Grace").isVisible()).toBe(true);

    await press(page, "Control+k");
    await compose("g");
    await take("ArrowDown");
    await focuses(page, "INPUT Search");
    expect(ada.errors).toEqual([]);
  });

  test("the menu of a message opens at the finger that rests on it, whole, on a screen with a keyboard", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { direct, grace, username } = await startTalks(chat.url);
    for (let count = 1; count <= 12; count += 1) await say(grace, direct, `line ${count}`);
    await using ada = await Person.signIn(suite.browser, chat.url, username);
    const { page } = ada;
    await page.setViewportSize({ width: 390, height: 500 });
    await ada.goTo(`/?c=${direct}`);
    await ada.hears("line 5");
    const bubble = ada.row("line 5").locator(".bubble");
    const { x, y } = (await bubble.boundingBox()) ?? { x: 0, y: 0 };

    await bubble.dispatchEvent("pointerdown", { clientX: x + 20, clientY: y + 20, pointerType: "touch" });
    await page.getByRole("menu").waitFor();
    const menu = await page.getByRole("menu").boundingBox();

    expect(await page.evaluate(IS_MENU_WHOLE)).toBe(true);
    expect(menu?.x).toBe(x + 20);
    expect(ada.errors).toEqual([]);
  });

  test("Enter in the search for a contact leaves the draft where it is", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { direct, username } = await startTalks(chat.url);
    await using ada = await Person.signIn(suite.browser, chat.url, username);
    const { page } = ada;
    await ada.goTo(`/?c=${direct}`);
    await ada.composer.fill("not yet");
    await page.getByRole("button", { name: "Attach" }).click();
    await page.getByRole("menuitem", { name: "A contact" }).click();
    await focuses(page, "INPUT Search friends");

    await press(page, "G", "Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();

    expect(await ada.composer.inputValue()).toBe("not yet");
  });

  test("what is nowhere else is not thrown away, and not taken back, without a question", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { ada: account, direct, group, grace, username } = await startTalks(chat.url);
    await say(grace, group, "an answer to nobody");
    await using ada = await Person.signIn(suite.browser, chat.url, username);
    const { page } = ada;
    const dialog = page.getByRole("dialog");
    await ada.goTo(`/?c=${group}`);
    await ada.choose("an answer to nobody", "Take back");
    await focuses(page, "BUTTON Cancel");
    await press(page, "Enter");
    await dialog.waitFor({ state: "detached" });
    expect(await ada.row("an answer to nobody").isVisible()).toBe(true);

    await grace.call("block_user", { userId: account.session?.me.id ?? "" });
    await ada.goTo(`/?c=${direct}`);
    await ada.say("are you there?");
    await ada.composer.fill("a draft");
    await ada.row("are you there?").getByRole("button", { name: "Discard" }).click();
    await dialog.getByText("nowhere else").waitFor();
    await press(page, "Escape");
    await ada.row("are you there?").getByRole("button", { name: "Edit" }).click();
    await eventually(async () => (await ada.composer.inputValue()) === "a draft\nare you there?", {
      limitMs: STEP_LIMIT_MS,
    });
    expect(ada.errors).toEqual([]);
  });
});
