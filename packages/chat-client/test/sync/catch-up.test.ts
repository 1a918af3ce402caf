import { describe, expect, test } from "vitest";

import { CallError } from "../../src/calls/call-error.ts";
import { BO, conversationOf, messageOf, messagesOf } from "../support/scripted-server.ts";
import { LiveHarness, seqsOf } from "../support/live-harness.ts";

describe("CatchUp", () => {
  test("a conversation that is opened for the first time begins with its newest page", async () => {
    const harness = new LiveHarness();
    const entry = harness.book.putConversation(conversationOf({ lastSeq: 1_000 }));
    harness.serve(messagesOf(1, 1_000));

    await harness.catchUp.open(entry);

    expect(entry.log.ranges).toEqual([{ lo: 941, hi: 1_000 }]);
    expect(entry.log.holes(1, 1_000)).toEqual([{ lo: 1, hi: 940 }]);
  });

  test("the first message of an open conversation is shown", async () => {
    const harness = new LiveHarness();
    const entry = harness.book.putConversation(conversationOf());
    harness.serve([]);
    await harness.catchUp.open(entry);

    harness.push(messageOf(1));

    expect(seqsOf(entry)).toEqual([1]);
  });

  test("a gap of up to 500 is filled, a larger one stays as a hole", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(100);
    harness.serve(messagesOf(1, 600));
    harness.book.putConversation(conversationOf({ lastSeq: 600 }));
    await harness.catchUp.open(entry);
    expect(entry.log.ranges).toEqual([{ lo: 1, hi: 600 }]);

    harness.serve(messagesOf(1, 1_101));
    harness.book.putConversation(conversationOf({ lastSeq: 1_101 }));
    await harness.catchUp.open(entry);

    expect(entry.log.holes(1, 1_101)).toEqual([{ lo: 601, hi: 1_041 }]);
  });

  test("a hole is filled from the side that the reader comes from", async () => {
    const harness = new LiveHarness();
    const entry = harness.book.putConversation(conversationOf({ lastSeq: 1_000 }));
    harness.serve(messagesOf(1, 1_000));
    await harness.catchUp.open(entry);

    await harness.catchUp.fill(entry, { lo: 1, hi: 940 }, "end");
    expect(entry.log.ranges).toEqual([{ lo: 841, hi: 1_000 }]);
    await harness.catchUp.fill(entry, { lo: 1, hi: 840 }, "start");

    expect(entry.log.ranges).toEqual([
      { lo: 1, hi: 200 },
      { lo: 841, hi: 1_000 },
    ]);
  });

  test("a search result is shown with what surrounds it", async () => {
    const harness = new LiveHarness();
    const entry = harness.book.putConversation(conversationOf({ lastSeq: 1_000 }));
    harness.serve(messagesOf(1, 1_000));
    await harness.catchUp.open(entry);

    await harness.catchUp.around(entry, 500);

    expect(entry.log.ranges).toEqual([
      { lo: 471, hi: 530 },
      { lo: 941, hi: 1_000 },
    ]);
  });

  test("what surrounds a message that was never said is the end of the conversation", async () => {
    const harness = new LiveHarness();
    const entry = harness.book.putConversation(conversationOf({ lastSeq: 100 }));
    harness.serve(messagesOf(1, 100));

    await harness.catchUp.around(entry, 999_999);
    expect(entry.log.ranges).toEqual([{ lo: 71, hi: 100 }]);
    harness.serve(messagesOf(1, 101));
    harness.push(messageOf(101));

    expect(entry.log.tail).toBe(101);
  });

  test("messages that the reader deleted leave no hole behind", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(2);
    harness.serve([...messagesOf(1, 2), messageOf(5)]);

    harness.push(messageOf(5));
    await harness.clock.advance(300);

    expect(seqsOf(entry)).toEqual([1, 2, 5]);
    expect(entry.log.ranges).toEqual([{ lo: 1, hi: 5 }]);
  });

  test("a page that was read before a change does not put the old state back", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(3);
    const change = {
      conversationId: "c1",
      changeSeq: 1,
      kind: "edit" as const,
      actorId: BO,
      message: messageOf(4, { version: 2 }),
    };
    harness.serve(messagesOf(1, 4), 0);
    harness.server.answer({ pull_changes: () => ({ changes: [change], users: [], changeSeq: 1, reload: false }) });
    harness.book.putConversation(conversationOf({ lastSeq: 4 }));

    harness.live.change({ change, users: [] });
    await harness.catchUp.open(entry);

    expect(entry.log.get(4)?.version).toBe(2);
    expect(entry.changeSeq).toBe(1);
  });

  test("too many changes make the page begin anew", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(100);
    harness.serve(messagesOf(1, 100), 900);
    harness.server.answer({ pull_changes: () => ({ changes: [], users: [], changeSeq: 900, reload: true }) });
    harness.book.putConversation(conversationOf({ lastSeq: 100, changeSeq: 900 }));

    await harness.catchUp.open(entry);

    expect(entry.log.ranges).toEqual([{ lo: 41, hi: 100 }]);
    expect(entry.changeSeq).toBe(900);
  });

  test("a conversation that is not the user's any more goes", async () => {
    const harness = new LiveHarness();
    harness.hold(1);
    harness.server.answer({
      get_conversation: () => {
        throw new CallError("not_found");
      },
    });

    harness.catchUp.soon("c1");
    await harness.clock.advance(300);

    expect(harness.book.entry("c1")).toBe(undefined);
  });

  test("a failure that passes is tried again", async () => {
    const harness = new LiveHarness();
    const entry = harness.hold(1);
    harness.server.answer({
      get_conversation: () => {
        throw new CallError("network");
      },
    });
    harness.push(messageOf(3));
    await harness.clock.advance(300);

    harness.serve(messagesOf(1, 3));
    await harness.clock.advance(3_000);

    expect(seqsOf(entry)).toEqual([1, 2, 3]);
  });
});
