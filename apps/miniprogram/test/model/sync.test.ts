import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CallError } from "../../miniprogram/model/call-error";
import { createModel, heldSeqs } from "../support/model";
import { groupView, ME, ScriptedServer, textMessage } from "../support/scripted-server";

/** A model that has synchronised and shows the conversation. */
async function openModel(server = new ScriptedServer()) {
  const model = createModel(server);
  model.engine.joined();
  await model.clock.settle();
  const entry = model.book.entry("c-1");
  if (entry === undefined) throw new Error("the conversation is not there");
  await model.catchUp.open(entry);
  return { ...model, entry };
}

describe("synchronising", () => {
  test("what was said while nobody listened is there after the next join, once and in order", async () => {
    const model = await openModel();
    model.live.message(model.server.say());
    for (let count = 0; count < 4; count++) model.server.say();

    model.engine.joined();
    await model.clock.advance(1_000);

    expect(heldSeqs(model)).toEqual([1, 2, 3, 4, 5]);
  });

  test("a push that comes twice is shown once, and one that leaves a gap is filled up", async () => {
    const model = await openModel();
    const [first, , third] = [model.server.say(), model.server.say(), model.server.say()];

    for (const push of [first, first, third]) model.live.message(push);
    expect(heldSeqs(model)).toEqual([1]);
    await model.clock.advance(400);

    expect(heldSeqs(model)).toEqual([1, 2, 3]);
  });

  test("whatever becomes of the pushes, the log ends up whole", async () => {
    const fates = fc.array(fc.constantFrom("lost", "once", "twice", "late"), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fates, async (given) => {
        const model = await openModel();
        const late: (() => void)[] = [];
        for (const fate of given) {
          const push = model.server.say();
          const deliver = (): void => model.live.message(push);
          if (fate === "late") late.push(deliver);
          else if (fate !== "lost") deliver();
          if (fate === "twice") deliver();
        }
        for (const deliver of late.toReversed()) deliver();
        model.engine.joined();
        await model.clock.advance(2_000);

        expect(heldSeqs(model)).toEqual(given.map((_, index) => index + 1));
      }),
      { numRuns: 60 },
    );
  });

  test("the heartbeat finds what was lost while the link seemed well", async () => {
    const model = await openModel();
    model.server.say();

    await model.clock.advance(31_000);

    expect(heldSeqs(model)).toEqual([1]);
  });

  test("a synchronisation that fails is tried again", async () => {
    const server = new ScriptedServer();
    server.failures.set("sync", [new CallError("network")]);
    const model = createModel(server);

    model.engine.joined();
    await model.clock.settle();
    expect(model.engine.isReady).toBe(false);
    await model.clock.advance(2_000);

    expect(model.engine.isReady).toBe(true);
  });

  test("older pages are put before what is held, down to the beginning", async () => {
    const server = new ScriptedServer();
    for (let count = 0; count < 90; count++) server.say();
    const model = await openModel(server);
    expect(model.entry.log.range).toEqual({ lo: 51, hi: 90 });

    await model.catchUp.older(model.entry);
    await model.catchUp.older(model.entry);
    await model.catchUp.older(model.entry);

    expect(model.entry.log.range).toEqual({ lo: 1, hi: 90 });
    expect(heldSeqs(model)).toHaveLength(90);
    expect(server.calls.filter((name) => name === "pull_messages")).toHaveLength(3);
  });

  test("after a very long absence the log begins anew at the newest messages", async () => {
    const model = await openModel();
    model.live.message(model.server.say());
    for (let count = 0; count < 600; count++) model.server.say();

    model.engine.joined();
    await model.clock.advance(1_000);

    expect(model.entry.log.range).toEqual({ lo: 562, hi: 601 });
  });

  test("unread messages are those of others, and an own message reads what stands above it", async () => {
    const model = await openModel();

    model.live.message(model.server.say());
    model.live.message(model.server.say());
    expect(model.entry.view.unread).toBe(2);
    model.live.message({ message: textMessage(3, { senderId: ME.id }), users: [] });

    expect([model.entry.view.unread, model.entry.view.readSeq]).toEqual([0, 3]);
  });

  test("an answer that was read before a live message does not take it back", async () => {
    const model = await openModel();
    model.live.message(model.server.say());

    model.book.putConversation(groupView({ lastSeq: 0, readSeq: 0 }));

    expect([model.entry.view.lastSeq, model.entry.view.unread]).toEqual([1, 1]);
  });

  test("who types is shown for six seconds", async () => {
    const model = await openModel();

    model.live.typing({ conversationId: "c-1", userId: "u-ada", typing: true });
    expect([...model.entry.typing.keys()]).toEqual(["u-ada"]);
    await model.clock.advance(6_000);

    expect([...model.entry.typing.keys()]).toEqual([]);
  });
});
