import { describe, expect, test } from "vitest";

import { CallError } from "../src/calls/call-error.ts";
import { Reading } from "../src/reading.ts";
import { LiveHarness } from "./support/live-harness.ts";
import { conversationOf } from "./support/scripted-server.ts";

function createReading() {
  const harness = new LiveHarness();
  harness.server.answer({
    mark_read: ({ seq }) => ({ readSeq: Number(seq), unread: 0 }),
    mark_received: () => ({}),
    set_typing: () => ({}),
  });
  return { harness, reading: new Reading(harness.server.call, harness.clock) };
}

describe("Reading", () => {
  test("what is read counts at once here, and is told once for several messages", async () => {
    const { harness, reading } = createReading();
    const entry = harness.hold(5, { readSeq: 0, unread: 5, mentioned: true });

    reading.read(entry, 3);
    reading.read(entry, 5);
    expect(entry.view.value).toMatchObject({ readSeq: 5, unread: 0, mentioned: false });
    await harness.clock.advance(400);

    expect(harness.server.calls).toEqual([{ name: "mark_read", input: { conversationId: "c1", seq: 5 } }]);
  });

  test("what was read before is not told again, but a mark as unread goes", async () => {
    const { harness, reading } = createReading();
    const entry = harness.hold(5);
    reading.read(entry, 5);
    await harness.clock.advance(400);
    expect(harness.server.calls).toEqual([]);

    entry.view.value = { ...entry.view.value, markedUnread: true };
    reading.read(entry, 5);
    await harness.clock.advance(400);

    expect(harness.server.calls).toHaveLength(1);
  });

  test("a mark that the network has lost is told with the next one, a refused one is not", async () => {
    const { harness, reading } = createReading();
    const entry = harness.hold(5, { readSeq: 0 });
    const told = (): readonly unknown[] => harness.server.calls.map(({ input }) => input);
    const fail = (code: string): void => {
      harness.server.answer({
        mark_read: () => {
          throw new CallError(code);
        },
      });
    };
    fail("network");
    reading.read(entry, 2);
    await harness.clock.advance(400);
    fail("not_found");
    reading.read(harness.book.putConversation(conversationOf({ id: "c2", lastSeq: 9 })), 7);
    await harness.clock.advance(400);
    reading.read(entry, 5);
    await harness.clock.advance(400);

    expect(told()).toEqual([
      { conversationId: "c1", seq: 2 },
      { conversationId: "c1", seq: 2 },
      { conversationId: "c2", seq: 7 },
      { conversationId: "c1", seq: 5 },
    ]);
  });

  test("who has left marks nothing", async () => {
    const { harness, reading } = createReading();
    const entry = harness.hold(5, { readSeq: 0, maxSeq: 5 });

    reading.read(entry, 5);
    await harness.clock.advance(400);

    expect(harness.server.calls).toEqual([]);
  });

  test("received messages are told together, except in rooms", async () => {
    const { harness, reading } = createReading();
    const entry = harness.hold(5, { receivedSeq: 2 });
    reading.received(entry, 4);
    reading.received(entry, 5);
    await harness.clock.advance(1_500);
    entry.view.value = { ...entry.view.value, type: "room" };
    reading.received(entry, 6);
    await harness.clock.advance(1_500);

    expect(harness.server.inputsOf("mark_received")).toEqual([{ conversationId: "c1", seq: 5 }]);
  });

  test("typing is told at most once in three seconds, and its end once", async () => {
    const { harness, reading } = createReading();
    const entry = harness.hold(1);
    reading.typing(entry, false);
    for (let times = 0; times < 5; times += 1) {
      reading.typing(entry, true);
      await harness.clock.advance(1_000);
    }
    reading.typing(entry, false);
    reading.typing(entry, false);

    expect(harness.server.inputsOf("set_typing")).toEqual([
      { conversationId: "c1", typing: true },
      { conversationId: "c1", typing: true },
      { conversationId: "c1", typing: false },
    ]);
  });
});
