import { memoryStorage } from "@hutong/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { CallError } from "../../src/calls/call-error.ts";
import type { ConversationEntry } from "../../src/conversations/conversation-book.ts";
import type { Draft } from "../../src/outbox/outbox-entry.ts";
import { type CatchUp, olderThanHeld } from "../../src/sync/catch-up.ts";
import { ADA, messageOf } from "../support/scripted-server.ts";
import { createTalkModel, heldSeqs, openTalk } from "../support/talk-model.ts";
import { TalkServer } from "../support/talk-server.ts";

const textOf = (text: string): Draft<never> => ({ conversationId: "c1", content: { type: "text", body: { text } } });

/** Does what a list does whose reader has come to its upper end. */
async function loadOlder(catchUp: CatchUp, entry: ConversationEntry): Promise<void> {
  const hole = olderThanHeld(entry);
  if (hole !== undefined) await catchUp.fill(entry, hole, "end");
}

describe("synchronising", () => {
  test("what was said while nobody listened is there after the next join, once and in order", async () => {
    const { server, live, engine, clock, entry } = await openTalk();
    live.message(server.say());
    for (let count = 0; count < 4; count++) server.say();

    engine.joined();
    await clock.advance(1_000);

    expect(heldSeqs(entry)).toEqual([1, 2, 3, 4, 5]);
  });

  test("whatever becomes of the pushes, the log ends up whole", async () => {
    const fates = fc.array(fc.constantFrom("lost", "once", "twice", "late"), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fates, async (given) => {
        const { server, live, engine, clock, entry } = await openTalk();
        const late: (() => void)[] = [];
        for (const fate of given) {
          const push = server.say();
          const deliver = (): void => live.message(push);
          if (fate === "late") late.push(deliver);
          else if (fate !== "lost") deliver();
          if (fate === "twice") deliver();
        }
        for (const deliver of late.toReversed()) deliver();
        engine.joined();
        await clock.advance(2_000);

        expect(heldSeqs(entry)).toEqual(given.map((_, index) => index + 1));
        expect(entry.view.peek().unread).toBe(given.length);
      }),
      { numRuns: 60 },
    );
  });

  test("the heartbeat finds what was lost while the link seemed well", async () => {
    const { server, clock, entry } = await openTalk();
    server.say();

    await clock.advance(31_000);

    expect(heldSeqs(entry)).toEqual([1]);
  });

  test("older pages are put before what is held, down to the beginning, and then nothing is asked for", async () => {
    const server = new TalkServer();
    for (let count = 0; count < 190; count++) server.say();
    const { catchUp, entry } = await openTalk(server);
    expect(entry.log.ranges).toEqual([{ lo: 131, hi: 190 }]);

    await loadOlder(catchUp, entry);
    expect(entry.log.ranges).toEqual([{ lo: 31, hi: 190 }]);
    await loadOlder(catchUp, entry);
    await loadOlder(catchUp, entry);

    expect(heldSeqs(entry)).toEqual(Array.from({ length: 190 }, (_, index) => index + 1));
    expect(server.calls.filter((name) => name === "pull_messages")).toHaveLength(3);
  });

  test("after a very long absence the newest messages are loaded, and what is older is a hole", async () => {
    const { server, live, engine, clock, entry, catchUp } = await openTalk();
    live.message(server.say());
    for (let count = 0; count < 600; count++) server.say();

    engine.joined();
    await clock.advance(1_000);
    expect(entry.log.ranges).toEqual([
      { lo: 1, hi: 1 },
      { lo: 542, hi: 601 },
    ]);
    await loadOlder(catchUp, entry);

    expect(entry.log.newest).toEqual({ lo: 442, hi: 601 });
  });

  test("an own message reads what stands above it", async () => {
    const { server, live, entry } = await openTalk();
    live.message(server.say());
    live.message(server.say());
    expect(entry.view.peek().unread).toBe(2);

    live.message({ message: messageOf(3, { senderId: ADA }), users: [] });

    expect(entry.view.peek()).toMatchObject({ unread: 0, readSeq: 3 });
  });
});

describe("sending", () => {
  test("a message whose answer was lost is stored once", async () => {
    const { server, outbox, clock } = createTalkModel();
    server.isLosingAnswers = true;
    outbox.send(textOf("one"));
    await clock.settle();
    server.isLosingAnswers = false;

    outbox.wake();
    await clock.settle();

    expect(server.messages).toHaveLength(1);
    expect(outbox.entries.value).toEqual([]);
  });

  test("the next run sends what this one could not, under the same ids and in the same order", async () => {
    const storage = memoryStorage();
    const server = new TalkServer();
    const first = createTalkModel(server, storage);
    server.isLosingAnswers = true;
    first.outbox.send(textOf("one"));
    first.outbox.send(textOf("two"));
    await first.clock.settle();
    first.outbox.close();
    server.isLosingAnswers = false;

    const second = createTalkModel(server, storage);
    await second.outbox.start();
    await second.clock.settle();

    expect(server.messages.map(({ clientMessageId }) => clientMessageId)).toEqual(["client-1", "client-2"]);
    expect(await storage.keys("")).toEqual([]);
  });

  test("a sent message takes its place in the log at once, and keeps its id when a push told of it first", async () => {
    const { server, outbox, live, clock, entry } = await openTalk();
    server.failures.set("send_message", [new CallError("network")]);
    outbox.send(textOf("one"));
    await clock.settle();
    const { message } = await server.call("send_message", {
      conversationId: "c1",
      clientMessageId: "client-1",
      content: { type: "text", body: { text: "one" } },
    });
    const { clientMessageId: _, ...pushed } = message;

    live.message({ message: pushed, users: [] });
    expect(entry.log.get(1)?.clientMessageId).toBe(undefined);
    outbox.wake();
    await clock.settle();

    expect(entry.log.get(1)?.clientMessageId).toBe("client-1");
    expect(outbox.entries.value).toEqual([]);
  });
});
