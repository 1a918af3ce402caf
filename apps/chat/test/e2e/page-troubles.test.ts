import { eventually } from "@hutong/testing";
import { expect, test } from "vitest";
import { makeApiFriends, say } from "../support/api-friends.ts";
import { STEP_LIMIT_MS } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";
import { tapSocket } from "../support/socket-tap.ts";

/** What a browser does whose person allows the page no storage. */
const NO_STORAGE = `
  const refuse = () => {
    throw new DOMException("denied", "SecurityError");
  };
  for (const name of ["localStorage", "sessionStorage", "indexedDB"]) Object.defineProperty(window, name, { get: refuse });
  navigator.locks.request = async () => refuse();
`;
/** What a browser does that keeps nothing yet, and has no room left. */
const FULL_STORAGE = `
  localStorage.clear();
  Storage.prototype.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
`;

describePage("the chat page in trouble", (suite) => {
  test.each([
    ["allows no storage", NO_STORAGE],
    ["has no room left", FULL_STORAGE],
  ])("a browser that %s lets people in all the same", async (_, script) => {
    await using chat = await startRunningChat(suite.built.path);
    await using guest = await Person.visit(suite.browser, chat.url, "Guest");
    await guest.page.addInitScript(script);
    await guest.goTo("/");

    await guest.comeIn("Guest");
    await guest.page.getByRole("main").getByRole("button", { name: "Enter the lobby" }).click();
    await guest.say("hello lobby");
    await guest.row("hello lobby").waitFor();

    expect(guest.errors).toEqual([]);
  });

  test("a conversation whose messages are refused at first shows them a moment later", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { grace, conversationId } = await makeApiFriends(chat.url);
    await say(grace, conversationId, "are you there?");
    await using ada = await Person.signIn(suite.browser, chat.url, "ada_account");
    const socket = await tapSocket(ada.page);
    socket.refuse("pull_messages", "rate_limited", 3);
    await ada.page.reload();

    await ada.open("grace_account");

    await ada.hears("are you there?");
    expect(ada.errors).toEqual([]);
  });

  test("an edit that is refused is given back to the one who wrote it", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await makeApiFriends(chat.url);
    await using ada = await Person.signIn(suite.browser, chat.url, "ada_account");
    const socket = await tapSocket(ada.page);
    socket.refuse("edit_message", "internal", 1);
    await ada.page.reload();
    await ada.open("grace_account");
    await ada.say("yes, at six");
    await ada.row("yes, at six").getByText("Sent", { exact: true }).waitFor();

    await ada.composer.press("ArrowUp");
    await ada.say("yes, at seven");
    await eventually(async () => (await ada.composer.inputValue()) === "yes, at seven", { limitMs: STEP_LIMIT_MS });
    await ada.composer.press("Enter");

    await ada.row("yes, at seven").getByText("edited").waitFor();
    expect(socket.countOf("edit_message")).toBe(2);
  });

  test("more of an older search does not mix with what a newer one has found", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { grace, conversationId } = await makeApiFriends(chat.url);
    for (let count = 1; count <= 25; count += 1) await say(grace, conversationId, `hotpot ${count}`);
    await say(grace, conversationId, "dumplings");
    await using ada = await Person.signIn(suite.browser, chat.url, "ada_account");
    const socket = await tapSocket(ada.page);
    await ada.page.reload();
    await ada.open("grace_account");
    await ada.page.getByRole("button", { name: "Search in this chat" }).click();
    const field = ada.page.getByRole("searchbox", { name: "Search in this chat" });
    const found = ada.page.getByRole("complementary").getByRole("listitem");
    await field.fill("hotpot");
    await found.nth(19).waitFor();

    const release = socket.hold("search_messages");
    await ada.page.getByRole("button", { name: "Show more" }).click();
    await eventually(() => socket.countOf("search_messages") === 2, { limitMs: STEP_LIMIT_MS });
    await field.fill("dumplings");
    await found.getByText("dumplings").waitFor();
    release();
    // What the page is told after it shows that it has heard it.
    await ada.say("never mind");
    await ada.row("never mind").getByText("Sent", { exact: true }).waitFor();

    expect(await found.count()).toBe(1);
  });

  test("who was muted for a while may write again when it is over", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const { ada, grace } = await makeApiFriends(chat.url);
    const { conversation } = await ada.call("create_group", { title: "Tea house", userIds: [grace.session.me.id] });
    await using reader = await Person.signIn(suite.browser, chat.url, "grace_account");
    await reader.open("Tea house");

    const userId = grace.session.me.id;
    await ada.call("mute_member", { conversationId: conversation.id, userId, forMs: 3_000 });
    await reader.page.getByText("You cannot write here for a while.").waitFor();

    await reader.composer.waitFor();
  });
});
