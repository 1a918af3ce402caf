import { eventually } from "@hutong/testing";
import { expect, test } from "vitest";
import { STEP_LIMIT_MS } from "../support/browser.ts";
import { type LogLook, LogWatch } from "../support/log-watch.ts";
import { seedLongTalk } from "../support/long-talk.ts";
import { describePage } from "../support/page-suite.ts";
import { Person } from "../support/person.ts";
import { startRunningChat } from "../support/running-chat.ts";
import { tapSocket } from "../support/socket-tap.ts";

const COUNT = 100_000;
/** What one turn of the wheel moves, in pixels: less than a view, and than what is loaded beyond it. */
const TURN = 500;
/** Only the first message holds it. */
const WORD = "quetzalcoatl";

/** What is wrong with how the list looks after a turn of the wheel, in words. */
function faultsOf(before: LogLook, after: LogLook, turn: number): readonly string[] {
  const tops = new Map(before.seen.map(({ seq, top }) => [seq, top]));
  const moved = after.seen.filter(({ seq }) => tops.has(seq));
  const astray = moved.filter(({ seq, top }) => Math.abs(top - (tops.get(seq) ?? 0) + turn) > 2);
  const unordered = after.seqs.filter((seq, index) => index > 0 && seq !== (after.seqs[index - 1] ?? 0) + 1);
  return [
    ...(moved.length === 0 ? ["nothing of what was seen is seen still"] : []),
    ...astray.map(({ seq, top }) => `#${seq} went from ${tops.get(seq)} to ${top}`),
    ...unordered.map((seq) => `#${seq} does not stand behind its predecessor`),
    ...(after.rows > 120 ? [`${after.rows} rows are in the document`] : []),
    ...(after.blank > 1 ? [`${after.blank} pixels are blank`] : []),
  ];
}

describePage("a conversation with 100,000 messages", (suite) => {
  test("scrolls message by message, and holds few of them", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const talk = await seedLongTalk(chat, { count: COUNT, read: COUNT, firstWord: WORD });
    await using reader = await Person.signIn(suite.browser, chat.url, talk.reader);
    await reader.open(talk.speaker);
    const watch = new LogWatch(reader.page);
    await watch.point();
    let look = await watch.lookAtRest();
    expect(look.seen.at(-1)?.seq).toBe(100_000);

    const seen = new Set(look.seen.map(({ seq }) => seq));
    const faults: string[] = [];
    while (!seen.has(98_600)) {
      const next = await watch.wheel(-TURN);
      faults.push(...faultsOf(look, next, -TURN));
      for (const { seq } of next.seen) seen.add(seq);
      look = next;
    }

    expect(faults).toEqual([]);
    expect(Array.from({ length: 1_401 }, (_, index) => 98_600 + index).filter((seq) => !seen.has(seq))).toEqual([]);
    expect(await watch.heldMessages()).toBeLessThan(1_400);
    expect(reader.errors).toEqual([]);
  });

  test("leads to its first message and back to the newest", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const talk = await seedLongTalk(chat, { count: COUNT, read: COUNT, firstWord: WORD });
    await using reader = await Person.signIn(suite.browser, chat.url, talk.reader);
    await reader.open(talk.speaker);
    const watch = new LogWatch(reader.page);

    await reader.page.getByRole("button", { name: "Search in this chat" }).click();
    await reader.page.getByRole("searchbox", { name: "Search in this chat" }).fill(WORD);
    await reader.page.getByRole("complementary").getByRole("button", { name: WORD }).click();
    await reader.hears(`#2 ${WORD}`);
    const oldest = await watch.lookAtRest();
    await watch.point();
    const below = await watch.wheel(TURN);
    await reader.page.getByRole("button", { name: "Latest messages" }).click();
    const newest = await watch.lookAtRest();

    expect(oldest.seen[0]?.seq).toBe(2);
    expect(faultsOf(oldest, below, TURN)).toEqual([]);
    expect(newest.seen.at(-1)?.seq).toBe(100_000);
    expect(newest.blank).toBeLessThanOrEqual(1);
  });

  test("leads to the last of two places that were asked for, however late the first is there", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const talk = await seedLongTalk(chat, { count: COUNT, read: COUNT, firstWord: WORD });
    await using reader = await Person.signIn(suite.browser, chat.url, talk.reader);
    const socket = await tapSocket(reader.page);
    await reader.page.reload();
    await reader.open(talk.speaker);
    await new LogWatch(reader.page).lookAtRest();
    const open = new URL(reader.page.url());
    const goTo = (seq: number): Promise<void> =>
      reader.page.evaluate((path) => {
        history.pushState(null, "", path);
        dispatchEvent(new PopStateEvent("popstate"));
      }, `${open.pathname}${open.search}&at=${seq}`);

    const before = socket.countOf("pull_messages");
    const release = socket.hold("pull_messages");
    await goTo(50_000);
    await eventually(() => socket.countOf("pull_messages") > before, { limitMs: STEP_LIMIT_MS });
    await goTo(2);
    release();

    await reader.hears(`#2 ${WORD}`);
  });

  test("holds what is read in its place while older messages are put in above", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const talk = await seedLongTalk(chat, { count: COUNT, read: COUNT, firstWord: WORD });
    await using reader = await Person.signIn(suite.browser, chat.url, talk.reader);
    const socket = await tapSocket(reader.page);
    await reader.page.reload();
    await reader.open(talk.speaker);
    const watch = new LogWatch(reader.page);
    await watch.lookAtRest();
    await watch.point();

    const release = socket.hold("pull_messages");
    let before = await watch.look();
    while (before.above > 0) {
      await reader.page.mouse.wheel(0, -TURN);
      before = await watch.look();
    }
    release();
    const first = before.seqs[0] ?? 0;
    await eventually(async () => ((await watch.look()).seqs[0] ?? first) < first, { limitMs: STEP_LIMIT_MS });

    expect(before.holes).toBe(1);
    expect(faultsOf(before, await watch.lookAtRest(), 0)).toEqual([]);
  });

  test("opens at the first unread message, with few questions, and reads no further than is seen", async () => {
    await using chat = await startRunningChat(suite.built.path);
    const talk = await seedLongTalk(chat, { count: COUNT, read: 50_000, firstWord: WORD });
    await using reader = await Person.signIn(suite.browser, chat.url, talk.reader);
    const socket = await tapSocket(reader.page);
    await reader.page.reload();
    await reader.open(talk.speaker);
    const watch = new LogWatch(reader.page);

    await reader.log.getByText("New messages", { exact: true }).waitFor();
    const look = await watch.lookAtRest();

    expect(look.seen.map(({ seq }) => seq)).toContain(50_001);
    expect(socket.countOf("pull_messages")).toBeLessThan(6);
    // The server counts them anew once it is told what was read.
    await reader.page.getByRole("button", { name: /^499\d\d new messages$/ }).waitFor();
  });
});
