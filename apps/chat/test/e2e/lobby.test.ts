import { expect, test } from "vitest";
import { type ClientName, Visitor } from "../support/browser.ts";
import { describePage } from "../support/page-suite.ts";
import { startRunningChat } from "../support/running-chat.ts";

/** The stock client of Action Cable waits longer after each failure, up to about 30 seconds. */
const COME_BACK_LIMIT_MS = 60_000;

const CLIENTS: readonly ClientName[] = ["hutong", "phoenix", "action_cable"];

describePage("the page in Chromium", (suite) => {
  test("three clients in one room hear each other, and all logs have the same order", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Visitor.enter(suite.browser, chat.url, { client: "hutong", name: "Ada" });
    await using bo = await Visitor.enter(suite.browser, chat.url, { client: "phoenix", name: "Bo" });
    await using chen = await Visitor.enter(suite.browser, chat.url, { client: "action_cable", name: "Chen" });
    const visitors = [ada, bo, chen];
    await Promise.all(visitors.map((visitor) => visitor.live()));
    await Promise.all(visitors.map((visitor) => visitor.members.nth(2).waitFor()));

    await sayRounds([
      [ada, "ada"],
      [bo, "bo"],
      [chen, "chen"],
    ]);
    for (const visitor of visitors) await visitor.bodies.nth(8).waitFor();

    const [order, ...others] = await Promise.all(visitors.map((visitor) => visitor.bodies.allTextContents()));
    expect(others).toEqual([order, order]);
    expect(order?.toSorted()).toEqual([
      "ada 1",
      "ada 2",
      "ada 3",
      "bo 1",
      "bo 2",
      "bo 3",
      "chen 1",
      "chen 2",
      "chen 3",
    ]);
    expect(visitors.flatMap(({ errors }) => errors)).toEqual([]);
  });

  test("everyone sees all three members, and who of them uses what", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Visitor.enter(suite.browser, chat.url, { client: "hutong", name: "Ada" });
    await ada.members.filter({ hasText: "Ada" }).waitFor();
    await using bo = await Visitor.enter(suite.browser, chat.url, { client: "phoenix", name: "Bo" });
    await ada.members.filter({ hasText: "Bo" }).waitFor();
    await using chen = await Visitor.enter(suite.browser, chat.url, { client: "action_cable", name: "Chen" });

    for (const visitor of [ada, bo, chen]) await visitor.members.nth(2).waitFor();

    expect(await membersOf(ada)).toEqual(["Ada you Hutong", "Bo Phoenix", "Chen Action Cable"]);
    expect(await membersOf(bo)).toEqual(["Bo you Phoenix", "Ada Hutong", "Chen Action Cable"]);
    expect(await membersOf(chen)).toEqual(["Chen you Action Cable", "Ada Hutong", "Bo Phoenix"]);
    await bo.page.close();
    await ada.members.filter({ hasText: "Bo" }).waitFor({ state: "detached" });
    expect(await membersOf(ada)).toEqual(["Ada you Hutong", "Chen Action Cable"]);
  });

  test("after a crash and a restart all three come back without a reload, and messages flow again", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Visitor.enter(suite.browser, chat.url, { client: "hutong", name: "Ada" });
    await using bo = await Visitor.enter(suite.browser, chat.url, { client: "phoenix", name: "Bo" });
    await using chen = await Visitor.enter(suite.browser, chat.url, { client: "action_cable", name: "Chen" });
    const visitors = [ada, bo, chen];
    for (const visitor of visitors) await visitor.live();
    await Promise.all([ada.say("before"), bo.hears("before"), chen.hears("before")]);
    for (const visitor of visitors) await visitor.page.evaluate("globalThis.isTheSameDocument = true");

    await chat.crash();
    for (const visitor of visitors) await visitor.status.filter({ hasText: "Reconnecting" }).waitFor();
    await chat.restart();
    await Promise.all(visitors.map((visitor) => visitor.live(COME_BACK_LIMIT_MS)));

    await Promise.all([ada.say("one"), bo.hears("one"), chen.hears("one")]);
    await Promise.all([bo.say("two"), ada.hears("two"), chen.hears("two")]);
    await Promise.all([chen.say("three"), ada.hears("three"), bo.hears("three")]);
    for (const visitor of visitors) {
      expect(await visitor.bodies.allTextContents()).toEqual(["before", "one", "two", "three"]);
      expect(await visitor.page.evaluate("globalThis.isTheSameDocument")).toBe(true);
    }
    await Promise.all(visitors.map((visitor) => visitor.members.nth(2).waitFor()));
    expect(await ada.members.count()).toBe(3);
  });

  test("what looks like HTML stays text for every client", async () => {
    const text = `<img src=x onerror="globalThis.isCracked = true"><script>globalThis.isCracked = true</script>&amp;`;
    await using chat = await startRunningChat(suite.built.path);
    await using ada = await Visitor.enter(suite.browser, chat.url, { client: "hutong", name: "<b>Ada</b>" });
    await using bo = await Visitor.enter(suite.browser, chat.url, { client: "phoenix", name: "Bo" });
    await using chen = await Visitor.enter(suite.browser, chat.url, { client: "action_cable", name: "Chen" });
    const visitors = [ada, bo, chen];
    for (const visitor of visitors) await visitor.live();

    await Promise.all([ada.say(text), bo.hears(text), chen.hears(text)]);

    for (const visitor of visitors) {
      expect(await visitor.bodies.allTextContents()).toEqual([text]);
      expect(await visitor.log.locator("img, script, .bubble b").count()).toBe(0);
      expect(await visitor.page.evaluate("globalThis.isCracked")).toBe(undefined);
    }
    expect(await bo.log.locator(".group-name").textContent()).toBe("<b>Ada</b>");
  });

  test.each(CLIENTS)("a private room says why it is shut, and opens with a token, for %s", async (client) => {
    await using chat = await startRunningChat(suite.built.path);
    await using visitor = await Visitor.enter(suite.browser, chat.url, { client, name: "Ada", room: "den" });
    const { page } = visitor;
    const refusal = page.getByRole("region", { name: "The door of den is shut" });

    await refusal.waitFor();
    const text = await page.getByRole("alert").textContent();
    const reasons = await refusal.locator(".refusal-reason code").allTextContents();
    const token = await chat.token("--name", "Ada", "--room", "den");
    await page.getByRole("textbox", { name: "Token" }).filter({ visible: true }).fill(token);
    await page.getByRole("button", { name: "Knock again" }).click();
    await visitor.live();
    await visitor.say("inside");

    if (client === "action_cable") expect(text).toContain("Action Cable carries no reason");
    else expect(text).toBe("This room needs a token that opens it. Ask the operator for one:");
    expect(reasons).toEqual(client === "action_cable" ? [] : ["unauthorized"]);
    expect(page.url()).not.toContain(token);
  });

  test.each<ClientName>(["hutong", "phoenix"])("a token that is no good is told as such, by %s", async (client) => {
    await using chat = await startRunningChat(suite.built.path);
    await using visitor = await Visitor.open(
      suite.browser,
      `${chat.url}/lobby?client=${client}&room=den&name=Ada#token=nonsense`,
    );

    await visitor.page.getByRole("alert").waitFor();

    expect(await visitor.page.getByRole("alert").textContent()).toBe(
      "The server does not know the token of this tab. Ask the operator for another one:",
    );
    expect(await visitor.page.locator(".refusal-reason code").textContent()).toBe("token_invalid");
  });

  test("a token in the fragment opens the room at once and leaves the address", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const token = await chat.token("--name", "Ada");
    await using visitor = await Visitor.open(suite.browser, `${chat.url}/lobby?room=den&name=Ada#token=${token}`);

    await visitor.live();

    expect(visitor.page.url()).toBe(`${chat.url}/lobby?room=den&name=Ada`);
  });

  test("the language changes at once and is remembered", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using visitor = await Visitor.enter(suite.browser, chat.url, { client: "hutong", name: "Ada" });
    const { page } = visitor;
    await visitor.live();

    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("status").filter({ hasText: "已连接" }).waitFor();
    await page.getByRole("textbox", { name: "消息" }).waitFor();
    await page.reload();
    await page.getByRole("textbox", { name: "消息" }).waitFor();

    expect(await page.getAttribute("html", "lang")).toBe("zh-CN");
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("textbox", { name: "Message" }).waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("en-GB");
  });

  test("the entrance asks for a name, and the client can be changed inside without losing the log", async () => {
    await using chat = await startRunningChat(suite.built.path);
    await using visitor = await Visitor.open(suite.browser, `${chat.url}/lobby`);
    const { page } = visitor;

    await page.getByRole("textbox", { name: "Your name" }).fill("Ada");
    await page.getByRole("button", { name: "Enter" }).click();
    await visitor.live();
    await visitor.say("by hutong");
    await page.getByRole("radio", { name: "Action Cable" }).check({ force: true });
    await visitor.members.filter({ hasText: "Action Cable" }).waitFor();
    await visitor.live();
    await visitor.say("by action cable");

    expect(await visitor.bodies.allTextContents()).toEqual(["by hutong", "by action cable"]);
    expect(page.url()).toBe(`${chat.url}/lobby?client=action_cable`);
    expect(visitor.errors).toEqual([]);
  });
});

/** All say three messages each, at the same time as the others. */
async function sayRounds(speakers: readonly (readonly [Visitor, string])[]): Promise<void> {
  await Promise.all(
    speakers.map(async ([visitor, name]) => {
      for (const round of [1, 2, 3]) await visitor.say(`${name} ${round}`);
    }),
  );
}

/** The members as a reader sees them, without the letters of the avatars. */
async function membersOf(visitor: Visitor): Promise<readonly string[]> {
  const items = await visitor.members.all();
  return Promise.all(items.map(async (item) => (await item.locator("span:not(.avatar)").allTextContents()).join(" ")));
}
