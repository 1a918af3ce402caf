import { eventually } from "@hutong/testing";
import { expect, test } from "vitest";
import { STEP_LIMIT_MS } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";

/** How long a page may take to come back by itself, in milliseconds. */
const COME_BACK_LIMIT_MS = 45_000;

/** Picks a name with Enter and types on, the last letters after a frame: in the page, which answers no key in between. */
const TYPE_AFTER_MENTION = `(async () => {
  const field = document.querySelector("textarea");
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  const { port1, port2 } = new MessageChannel();
  await new Promise((resolve) => {
    port1.onmessage = resolve;
    port2.postMessage("");
  });
  document.execCommand("insertText", false, "hel");
  await new Promise(requestAnimationFrame);
  document.execCommand("insertText", false, "lo");
})()`;

/** Types into the field with the group's name in the same moment in which it appears. */
const TYPE_INTO_NEW_FIELD = `new MutationObserver((_, observer) => {
  const field = [...document.querySelectorAll("input")].find(({ value }) => value === "Tea house");
  if (field === undefined) return;
  observer.disconnect();
  field.value = "Tea garden";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document, { childList: true, subtree: true })`;

/** Makes a group of somebody and these friends, whose conversation is then open. */
async function makeTeaHouse(person: Person, friends: readonly string[]): Promise<void> {
  await person.goTo("/?tab=contacts&page=new-group");
  await person.page.getByLabel("Group name").fill("Tea house");
  for (const name of friends) await person.page.getByLabel(name).check();
  await person.page.getByRole("button", { name: "Make the group" }).click();
  await person.composer.waitFor();
}

describePage("the chat page in Chromium", (suite) => {
  test("two people become friends and talk: text, a picture, a reply, an edit, a recall, read marks", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    await Promise.all([ada.open("Grace"), grace.open("Ada")]);

    await ada.say("shall we eat hotpot?");
    await grace.hears("shall we eat hotpot?");
    await ada.row("shall we eat hotpot?").getByText("Read", { exact: true }).waitFor();
    await grace.choose("shall we eat hotpot?", "Reply");
    await grace.say("yes, at six");
    await ada.row("yes, at six").getByRole("button", { name: /^Ada/ }).waitFor();
    await grace.composer.press("ArrowUp");
    await grace.page.getByText("Editing").waitFor();
    await grace.say("yes, at seven");
    await ada.hears("yes, at seven");
    await ada.row("yes, at seven").getByText("edited").waitFor();

    await ada.page.screenshot({ path: suite.built.at("picture.png") });
    await ada.page.locator('input[type="file"]').first().setInputFiles(suite.built.at("picture.png"));
    await ada.page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    const picture = grace.log.getByRole("button", { name: "[Picture]" });
    await picture.click();
    await grace.page.getByRole("dialog", { name: "[Picture]" }).waitFor();
    await grace.page.keyboard.press("Escape");

    await ada.say("wrong window");
    await grace.hears("wrong window");
    await ada.choose("wrong window", "Take back");
    await grace.log.getByText("Ada took back a message.").waitFor();
    await ada.log.getByRole("button", { name: "Edit again" }).click();
    await ada.page.waitForFunction(`document.querySelector("textarea").value === "wrong window"`);
    expect([ada.errors, grace.errors]).toEqual([[], []]);
  });

  test("what is written offline is sent in order after the return, also over a reload", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    await Promise.all([ada.open("Grace"), grace.open("Ada")]);
    await grace.say("are you there?");
    await ada.hears("are you there?");
    await ada.keeps("are you there?");

    // The reload comes from the server's pages; what keeps the messages back is a server that does not answer calls.
    for (const path of ["**/api/**", "**/socket/**"]) await ada.page.route(path, (route) => route.abort());
    await ada.page.routeWebSocket("**/socket/**", (socket) => void socket.close());
    await ada.page.reload();
    await ada.hears("are you there?");
    for (const text of ["one", "two", "three"]) await ada.say(text);
    await ada.row("three").getByText("Sending").waitFor();
    await ada.page.reload();
    await ada.row("three").waitFor();
    await grace.say("still waiting");
    await ada.page.unrouteAll();
    await ada.page.routeWebSocket("**/socket/**", (socket) => void socket.connectToServer());
    await ada.page.reload();

    await grace.hears("three", COME_BACK_LIMIT_MS);
    await ada.hears("still waiting");
    const texts = (await grace.log.locator(".bubble-text").allTextContents()).filter((text) =>
      /one|two|three/.test(text),
    );
    expect(texts).toEqual(["one", "two", "three"]);
  });

  test("a group of three: made, renamed, mentioned, read by two, and left", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await using linus = await Person.register(suite.browser, chat.url, "Linus");
    await ada.befriend(grace);
    await ada.befriend(linus);
    await makeTeaHouse(ada, ["Grace", "Linus"]);
    await Promise.all([grace.open("Tea house"), linus.open("Tea house")]);

    await ada.composer.pressSequentially("@gra");
    await ada.page.getByRole("listbox", { name: "Mention somebody" }).waitFor();
    await ada.composer.press("Enter");
    await ada.composer.pressSequentially("hello");
    await ada.composer.press("Enter");
    await grace.log.locator(".mention").getByText("@Grace").waitFor();
    await ada.row("hello").getByRole("button", { name: "Read by 2" }).waitFor();
    await ada.page.getByRole("button", { name: "Details" }).click();
    await ada.page.getByLabel("Group name").fill("Tea garden");
    await ada.page.getByRole("button", { name: "Save" }).click();
    await grace.page.getByRole("heading", { name: "Tea garden" }).waitFor();
    await linus.page.getByRole("button", { name: "Details" }).click();
    await linus.page.getByRole("button", { name: "Leave" }).click();
    await linus.page.getByRole("dialog").getByRole("button", { name: "Leave" }).click();
    await ada.log.getByText("Linus left.").waitFor();

    expect([ada.errors, grace.errors, linus.errors]).toEqual([[], [], []]);
  });

  test("what is typed before the page has drawn a frame stays as it was typed", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    await makeTeaHouse(ada, ["Grace"]);

    await ada.composer.pressSequentially("@gra");
    await ada.page.getByRole("listbox", { name: "Mention somebody" }).waitFor();
    await ada.page.evaluate(TYPE_AFTER_MENTION);
    expect(await ada.composer.inputValue()).toBe("@Grace hello");
    await ada.page.evaluate(TYPE_INTO_NEW_FIELD);
    await ada.page.getByRole("button", { name: "Details" }).click();
    await ada.page.getByRole("button", { name: "Save" }).click();

    await ada.page.getByRole("heading", { name: "Tea garden" }).waitFor();
    expect(ada.errors).toEqual([]);
  });

  test("two tabs of one person stay in step, and signing out in one signs out the other", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Person.register(suite.browser, chat.url, "Ada");
    await using grace = await Person.register(suite.browser, chat.url, "Grace");
    await ada.befriend(grace);
    await ada.open("Grace");
    const tab = await ada.context.newPage();
    await tab.goto(ada.page.url());
    await tab.getByRole("textbox", { name: "Message", exact: true }).fill("from the second tab");
    await tab.keyboard.press("Enter");

    await ada.hears("from the second tab");
    await ada.keeps("from the second tab");
    await ada.page.getByRole("navigation").getByRole("button", { name: "Settings" }).click();
    await ada.page.getByRole("button", { name: "Sign out" }).click();
    await ada.page.getByRole("dialog").getByRole("button", { name: "Sign out" }).click();

    await ada.page.getByRole("radio", { name: "Sign in" }).waitFor({ state: "attached" });
    await tab.getByRole("radio", { name: "Sign in" }).waitFor({ state: "attached" });
    expect(await tab.evaluate("localStorage.getItem('hutong.session')")).toBe(null);
    // What a device keeps of a person goes with the session.
    await eventually(async () => !(await ada.kept()).includes("from the second tab"), { limitMs: STEP_LIMIT_MS });
  });

  test("a visitor enters the lobby, meets the lobby page there, and becomes a user with everything kept", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using guest = await Person.visit(suite.browser, chat.url, "Guest");
    await guest.page.getByRole("main").getByRole("button", { name: "Enter the lobby" }).click();
    await guest.say("hello lobby");
    await guest.hears("hello lobby");
    const lobby = await guest.context.newPage();
    await lobby.goto(`${chat.url}/lobby?name=Bo`);
    await lobby.getByRole("log").getByText("hello lobby").waitFor();

    await guest.goTo("/?tab=settings&page=upgrade");
    await guest.page.getByLabel("User name").fill("guest_account");
    await guest.page.getByLabel("Password").fill("correct horse battery");
    await guest.page.getByRole("main").getByRole("button", { name: "Make an account" }).click();
    await guest.page.getByText("Your account is ready.").waitFor();
    await guest.open("Lobby");
    await guest.hears("hello lobby");

    expect(guest.errors).toEqual([]);
  });
});
