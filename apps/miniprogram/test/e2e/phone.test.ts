import { stat } from "node:fs/promises";
import { eventually } from "@hutong/testing";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildClient } from "../support/client-build";
import { startNeighbourhood } from "../support/neighbourhood";
import { CHROMIUM, launchBrowser, startCold, write } from "../support/phone";

/** For all of one test, in milliseconds: a page on a busy machine. */
const TEST_LIMIT_MS = 120_000;
const LIMIT = { limitMs: 15_000 };
/** WeChat's limit for a picture of the tab bar. */
const MAX_ICON_BYTES = 40_960;

test("each icon of the tab bar is small enough for WeChat", async () => {
  const names = ["chats", "lobby", "contacts", "me"].flatMap((tab) =>
    ["light", "light-on", "dark", "dark-on"].map((kind) => `miniprogram/images/${tab}-${kind}.png`),
  );
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(new URL(`../../${name}`, import.meta.url))).size),
  );

  expect(sizes.filter((size) => size > MAX_ICON_BYTES)).toEqual([]);
});

describe.skipIf(CHROMIUM === undefined)("the mini-program on a phone in Chromium", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    [browser] = await Promise.all([launchBrowser(), buildClient()]);
  });

  afterAll(async () => {
    await browser?.close();
  });

  test("what was written while the server was away is sent after a cold start, once", async () => {
    await using neighbourhood = await startNeighbourhood(browser);
    const { phone, web, map, url } = neighbourhood;
    await phone.find(".wechat").click();
    await phone.page.getByRole("button", { name: "Lobby" }).click();
    await phone.find(".talk-line").getByText("This is where it begins.").waitFor();

    // An address where nobody listens.
    map.set("chat.example.com", "http://127.0.0.1:9");
    await startCold(phone);
    await phone.find(".item-title").getByText("Lobby").click();
    await write(phone, "written offline");
    await phone.find(".bubble.is-sending").getByText("written offline").waitFor();
    map.set("chat.example.com", url);
    await startCold(phone);

    await eventually(() => expect(web.heard).toEqual(["written offline"]), LIMIT);
  });

  test("a new friend and a group of the two", async () => {
    await using neighbourhood = await startNeighbourhood(browser);
    const { phone, web } = neighbourhood;
    await phone.find(".wechat").click();
    await phone.page.getByRole("button", { name: "Contacts" }).click();
    await phone.find(".new-group").waitFor();
    const { users } = await web.call("search_users", { query: "wechat" });
    await web.call("request_friend", { userId: users[0]?.id ?? "", message: "From the lobby" });

    await phone.find(".accept").click();
    await phone.find(".friend").waitFor();
    await phone.find(".new-group").click();
    await phone.find(".group-title input").fill("Lane walkers");
    await phone.find(".pick").click();
    await phone.find(".done").click();
    await expect.poll(() => phone.title.textContent()).toBe("Lane walkers");
    await write(phone, "shall we walk?");
    await phone.find(".bubble.is-stored").getByText("shall we walk?").waitFor();

    const { conversations } = await web.call("list_conversations", {});
    const group = conversations.find(({ type }) => type === "group");
    expect(group).toMatchObject({
      title: "Lane walkers",
      unread: 1,
      lastMessage: { body: { text: "shall we walk?" } },
    });
  });
});
