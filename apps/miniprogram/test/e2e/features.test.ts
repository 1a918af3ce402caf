import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildClient } from "../support/client-build";
import { startNeighbourhood } from "../support/neighbourhood";
import { CHROMIUM, launchBrowser, startCold, write } from "../support/phone";
import { goBack, holdMessage } from "../support/phone-steps";

/** For all of one test, in milliseconds: a page on a busy machine. */
const TEST_LIMIT_MS = 60_000;

describe.skipIf(CHROMIUM === undefined)("what can be done with messages on a phone", { timeout: TEST_LIMIT_MS }, () => {
  let browser: Browser;

  beforeAll(async () => {
    [browser] = await Promise.all([launchBrowser(), buildClient()]);
  });

  afterAll(async () => {
    await browser?.close();
  });

  test("an own message is edited and forwarded", async () => {
    await using neighbourhood = await startNeighbourhood(browser);
    const { phone, web } = neighbourhood;
    const { find } = phone;
    await enterGroup(neighbourhood);

    await write(phone, "meet at six");
    await find(".bubble.is-stored").getByText("meet at six").waitFor();
    await holdMessage(phone, "meet at six", "edit");
    await find(".answered-name").getByText("Edit the message").waitFor();
    await write(phone, "meet at seven");
    await find(".bubble-edited").waitFor();
    expect(await find(".bubble-text").allTextContents()).toEqual(["meet at seven"]);

    await holdMessage(phone, "meet at seven", "forward");
    await find(".target").filter({ hasText: "Ada" }).click();
    await find(".done").click();
    await phone.page.getByText("Forwarded").first().waitFor();
    const { conversations } = await web.call("list_conversations", {});
    expect(conversations.find(({ type }) => type === "direct")?.lastMessage).toMatchObject({
      ...{ type: "text", body: { text: "meet at seven" }, forwarded: true },
    });
    expect(phone.errors()).toEqual([]);
  });

  test("a switch goes back when the server is not there", async () => {
    await using neighbourhood = await startNeighbourhood(browser);
    const { phone, map, clock } = neighbourhood;
    const { find, page } = phone;
    await enterGroup(neighbourhood);
    await find(".talk-status").click();
    await find(".pin").waitFor();

    // An address where nobody listens; the link that there is ends in the background.
    map.set("chat.example.com", "http://127.0.0.1:9");
    await page.getByRole("button", { name: "To background" }).click();
    await page.getByText("In the background; suspended after 5 s").first().waitFor();
    await clock.advance(5_000);
    await page.getByText("Suspended:").first().waitFor();
    await page.getByRole("button", { name: "Open the mini-program" }).click();
    await find(".pin").click();

    await page.locator(".toast").waitFor();
    await expect.poll(() => find(".pin").getAttribute("aria-checked")).toBe("false");
  });

  test("a search leads to a message far back, and the way back is the newest", async () => {
    await using neighbourhood = await startNeighbourhood(browser);
    const { phone, web } = neighbourhood;
    const { find } = phone;
    const conversationId = await enterGroup(neighbourhood);
    for (let number = 1; number <= 150; number += 1) {
      const text = number === 3 ? "the red lantern" : `remark ${number}`;
      await say(web, { conversationId, text, number });
    }

    // The phone keeps the newest thirty messages of them.
    await startCold(phone);
    await find(".to-search").click();
    await find(".find-field input").fill("red lantern");
    await find(".found-message").filter({ hasText: "the red lantern" }).click();
    const lantern = find(".talk-row.is-found").getByText("the red lantern");
    await lantern.waitFor();
    await expect.poll(() => isInView(lantern)).toBe(true);
    // The newest may be held below, but is not what is looked at.
    const newest = find(".bubble-text").getByText("remark 150", { exact: true });
    expect((await newest.count()) === 0 || !(await isInView(newest))).toBe(true);

    await find(".talk-down").click();
    await expect.poll(() => isInView(newest)).toBe(true);
    expect(phone.errors()).toEqual([]);
  });

  test("a mention is marked in the list and above the message, a draft is kept, and a member is mentioned", async () => {
    await using neighbourhood = await startNeighbourhood(browser);
    const { phone, web } = neighbourhood;
    const { find } = phone;
    const conversationId = await enterGroup(neighbourhood);
    await find(".composer textarea").pressSequentially("so @a");
    await find(".mention-name").getByText("Ada").click();
    await expect.poll(() => find(".composer textarea").inputValue()).toBe("so @Ada ");
    await goBack(phone);
    await find(".item-mark").getByText("[Draft]").waitFor();
    expect(await find(".item").filter({ hasText: "Lane walkers" }).locator(".item-last").textContent()).toBe(
      "[Draft] so @Ada",
    );

    const { members } = await web.call("list_members", { conversationId });
    const mentions = members.filter(({ user }) => user.nickname !== "Ada").map(({ user }) => user.id);
    await say(web, { conversationId, text: "a word for you", number: 1, mentions });
    await find(".item-mark").getByText("[@ you]").waitFor();
    await find(".item-title").getByText("Lane walkers").click();
    await find(".bubble.is-mention").getByText("a word for you").waitFor();
    await expect.poll(() => find(".composer textarea").inputValue()).toBe("so @Ada ");
    await find(".send-tool").click();
    await find(".bubble.is-stored").getByText("so @Ada").waitFor();

    const { conversations } = await web.call("list_conversations", {});
    const own = members.find(({ user }) => user.nickname === "Ada")?.user.id;
    expect(conversations.find(({ id }) => id === conversationId)?.lastMessage?.mentions).toEqual([own]);
    expect(phone.errors()).toEqual([]);
  });

  test("an invitation that was scanned leads into the group, and the group makes one of its own", async () => {
    await using neighbourhood = await startNeighbourhood(browser);
    const { phone, web } = neighbourhood;
    const { find, page } = phone;
    const conversationId = await enterGroup(neighbourhood);
    await goBack(phone);
    const { members } = await web.call("list_members", { conversationId });
    const userId = members.find(({ user }) => user.nickname !== "Ada")?.user.id ?? "";
    await web.call("remove_member", { conversationId, userId });
    const { invite } = await web.call("create_invite", { conversationId });

    await page.getByRole("button", { name: "Contacts" }).click();
    await find(".row.scan").click();
    await page.locator(".modal-input").fill(`https://chat.example.com${invite.path}`);
    await page.locator(".modal-confirm").click();
    await find(".invited-title").getByText("Lane walkers").waitFor();
    await find(".join").click();
    await expect.poll(() => phone.title.textContent()).toBe("Lane walkers");
    const present = await web.call("list_members", { conversationId });
    expect(present.members.map(({ user }) => user.id)).toContain(userId);

    await find(".talk-status").click();
    await find(".to-invite").click();
    await find(".invite-link").getByText("https://chat.example.com/join/").waitFor();
    expect(phone.errors()).toEqual([]);
  });
});

type Neighbourhood = Awaited<ReturnType<typeof startNeighbourhood>>;

interface Said {
  readonly conversationId: string;
  readonly text: string;
  readonly number: number;
  readonly mentions?: readonly string[];
}

/** Ada says something; `number` tells it from what else she says. */
async function say(web: Neighbourhood["web"], { conversationId, text, number, mentions = [] }: Said): Promise<void> {
  await web.call("send_message", {
    ...{ conversationId, clientMessageId: `of-ada-${number}`, mentions: [...mentions] },
    content: { type: "text", body: { text } },
  });
}

/** Whether an element is in the scrolled part of a conversation that can be seen. */
function isInView(element: Locator): Promise<boolean> {
  return element.evaluate((one) => {
    const { top, bottom } = one.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
}

/** The phone's user and Ada are friends in a group of Ada's, which the phone shows. */
async function enterGroup({ phone, web }: Neighbourhood): Promise<string> {
  const { find, page } = phone;
  await find(".wechat").click();
  await page.getByRole("button", { name: "Contacts" }).click();
  await find(".new-group").waitFor();
  const { users } = await web.call("search_users", { query: "wechat" });
  const userId = users[0]?.id ?? "";
  await web.call("request_friend", { userId, message: "From the lobby" });
  await find(".accept").click();
  await find(".friend").waitFor();
  const { conversation } = await web.call("create_group", { userIds: [userId], title: "Lane walkers" });
  await page.getByRole("button", { name: "Chats" }).click();
  await find(".item-title").getByText("Lane walkers").click();
  await find(".composer").waitFor();
  return conversation.id;
}
