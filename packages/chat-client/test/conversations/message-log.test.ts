import { describe, expect, test } from "vitest";

import { MessageLog } from "../../src/conversations/message-log.ts";
import { messageOf, messagesOf } from "../support/scripted-server.ts";

const seqsOf = (log: MessageLog): readonly number[] => log.messages.map(({ seq }) => seq);

describe("MessageLog", () => {
  test("stretches that touch or overlap become one", () => {
    const log = new MessageLog();
    log.insert(messagesOf(11, 20), { lo: 11, hi: 20 });
    log.insert(messagesOf(1, 5), { lo: 1, hi: 5 });
    log.insert(messagesOf(4, 10), { lo: 4, hi: 10 });

    expect(log.ranges).toEqual([{ lo: 1, hi: 20 }]);
    expect(seqsOf(log)).toEqual(messagesOf(1, 20).map(({ seq }) => seq));
  });

  test("what is missing between two seqs is told as holes", () => {
    const log = new MessageLog();
    log.insert(messagesOf(5, 6), { lo: 4, hi: 6 });
    log.insert(messagesOf(9, 9), { lo: 9, hi: 9 });

    expect(log.holes(1, 12)).toEqual([
      { lo: 1, hi: 3 },
      { lo: 7, hi: 8 },
      { lo: 10, hi: 12 },
    ]);
    expect(log.holes(5, 6)).toEqual([]);
    expect(log.tail).toBe(9);
  });

  test("a seq without a message inside a stretch is no hole", () => {
    const log = new MessageLog();
    log.insert([messageOf(1), messageOf(3)], { lo: 1, hi: 3 });

    expect(log.holes(1, 3)).toEqual([]);
    expect(log.covers(2)).toBe(true);
    expect(log.get(2)).toBe(undefined);
  });

  test("a stretch that is forgotten is a hole again", () => {
    const log = new MessageLog();
    log.insert(messagesOf(1, 9), { lo: 1, hi: 9 });
    log.insert(messagesOf(20, 29), { lo: 20, hi: 29 });

    log.forget({ lo: 4, hi: 21 });
    expect(log.ranges).toEqual([
      { lo: 1, hi: 3 },
      { lo: 22, hi: 29 },
    ]);
    log.forget({ lo: 0, hi: 24 });
    log.forget({ lo: 27, hi: 27 });

    expect(log.ranges).toEqual([
      { lo: 25, hi: 26 },
      { lo: 28, hi: 29 },
    ]);
    expect(seqsOf(log)).toEqual([25, 26, 28, 29]);
  });

  test("an older version never replaces a newer one", () => {
    const log = new MessageLog();
    log.insert([messageOf(1, { version: 3 })], { lo: 1, hi: 1 });
    log.insert([messageOf(1, { version: 2, body: { text: "old" } })], { lo: 1, hi: 1 });

    expect(log.replace(messageOf(1, { version: 1 }))).toBe(false);
    expect(log.messages[0]?.version).toBe(3);
  });

  test("a change of a message that is not held changes nothing", () => {
    const log = new MessageLog();

    expect(log.replace(messageOf(7))).toBe(false);
    expect(log.messages).toEqual([]);
  });

  test("a conversation without messages is loaded, and its first message continues it", () => {
    const log = new MessageLog();
    log.insert([], { lo: 1, hi: 0 });

    expect([log.ranges.length, log.tail, log.holes(1, 0)]).toEqual([1, 0, []]);
    log.insert([messageOf(1)], { lo: 1, hi: 1 });
    expect(log.ranges).toEqual([{ lo: 1, hi: 1 }]);
  });

  test("new messages at the end keep the order", () => {
    const log = new MessageLog();
    log.insert(messagesOf(1, 2), { lo: 1, hi: 2 });
    expect(seqsOf(log)).toEqual([1, 2]);
    log.insert([messageOf(3)], { lo: 3, hi: 3 });
    log.insert([messageOf(0)], { lo: 0, hi: 0 });

    expect(seqsOf(log)).toEqual([0, 1, 2, 3]);
  });

  test("deleted messages leave no hole", () => {
    const log = new MessageLog();
    log.insert(messagesOf(1, 4), { lo: 1, hi: 4 });
    log.remove([2]);
    log.removeUpTo(1);

    expect(seqsOf(log)).toEqual([3, 4]);
    expect(log.holes(1, 4)).toEqual([]);
  });
});
