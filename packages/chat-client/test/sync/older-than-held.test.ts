import { describe, expect, test } from "vitest";

import { olderThanHeld } from "../../src/sync/catch-up.ts";
import { LiveHarness } from "../support/live-harness.ts";
import { conversationOf, messagesOf } from "../support/scripted-server.ts";

/** A conversation of nine messages, of which these stretches are held. */
function entryWith(stretches: readonly { readonly lo: number; readonly hi: number }[], minSeq = 0) {
  const { book } = new LiveHarness();
  const entry = book.putConversation(conversationOf({ lastSeq: 9, minSeq }));
  for (const { lo, hi } of stretches) book.putMessages(entry, messagesOf(lo, hi), { lo, hi });
  return entry;
}

describe("olderThanHeld", () => {
  test("it is the hole right before the newest messages", () => {
    expect(olderThanHeld(entryWith([{ lo: 7, hi: 9 }]))).toEqual({ lo: 1, hi: 6 });
    expect(
      olderThanHeld(
        entryWith([
          { lo: 2, hi: 3 },
          { lo: 7, hi: 9 },
        ]),
      ),
    ).toEqual({ lo: 4, hi: 6 });
  });

  test("at the beginning, and before anything was loaded, there is none", () => {
    expect(olderThanHeld(entryWith([{ lo: 1, hi: 9 }]))).toBe(undefined);
    expect(olderThanHeld(entryWith([]))).toBe(undefined);
  });

  test("what the reader has cleared is not missing", () => {
    expect(olderThanHeld(entryWith([{ lo: 5, hi: 9 }], 4))).toBe(undefined);
  });
});
