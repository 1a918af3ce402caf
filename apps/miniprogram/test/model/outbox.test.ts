import { memoryStorage } from "@hutong/client/wechat";
import { describe, expect, test } from "vitest";
import { CallError } from "../../miniprogram/model/call-error";
import type { Draft } from "../../miniprogram/model/outbox-entry";
import { createModel, heldSeqs } from "../support/model";
import { ScriptedServer } from "../support/scripted-server";

const text = (words: string): Draft => ({
  conversationId: "c-1",
  content: { type: "text", body: { text: words } },
  replyTo: 0,
});

const textsOf = ({ messages }: ScriptedServer): readonly unknown[] =>
  messages.map((message) => (message.type === "text" ? message.body.text : message.type));

describe("the outbox", () => {
  test("what was written is stored in the order of writing, though the first attempt fails", async () => {
    const { server, outbox, clock } = createModel();
    server.failures.set("send_message", [new CallError("network")]);

    outbox.send(text("one"));
    outbox.send(text("two"));
    await clock.advance(1_000);

    expect(textsOf(server)).toEqual(["one", "two"]);
    expect(outbox.entries).toEqual([]);
  });

  test("a message whose answer was lost is stored once", async () => {
    const { server, outbox, clock } = createModel();
    server.isLosingAnswers = true;
    outbox.send(text("one"));
    await clock.settle();
    server.isLosingAnswers = false;

    outbox.wake();
    await clock.settle();

    expect(textsOf(server)).toEqual(["one"]);
    expect(outbox.entries).toEqual([]);
  });

  test("the next run sends what this one could not, under the same ids and in the same order", async () => {
    const storage = memoryStorage();
    const server = new ScriptedServer();
    const first = createModel(server, storage);
    server.isLosingAnswers = true;
    first.outbox.send(text("one"));
    first.outbox.send(text("two"));
    await first.clock.settle();
    first.outbox.close();
    server.isLosingAnswers = false;

    const second = createModel(server, storage);
    await second.outbox.start();
    await second.clock.settle();

    expect(textsOf(server)).toEqual(["one", "two"]);
    expect(server.messages.map(({ clientMessageId }) => clientMessageId)).toEqual(["client-1", "client-2"]);
    expect(await storage.keys("")).toEqual([]);
  });

  test("a refused message waits for the person, and does not hold up the next one", async () => {
    const { server, outbox, clock } = createModel();
    server.failures.set("send_message", [new CallError("muted")]);
    outbox.send(text("one"));
    outbox.send(text("two"));
    await clock.settle();
    expect(outbox.entries.map(({ state }) => state)).toEqual([{ kind: "refused", code: "muted" }]);
    expect(textsOf(server)).toEqual(["two"]);

    outbox.retry("client-1");
    await clock.settle();

    expect(textsOf(server)).toEqual(["two", "one"]);
  });

  test("a wait is as long as the server asks for", async () => {
    const { server, outbox, clock } = createModel();
    server.failures.set("send_message", [new CallError("slow_mode", 5_000)]);
    outbox.send(text("one"));

    await clock.advance(4_900);
    expect(textsOf(server)).toEqual([]);
    await clock.advance(200);

    expect(textsOf(server)).toEqual(["one"]);
  });

  test("a picture is uploaded before its message, and not again when only the message failed", async () => {
    const model = createModel();
    const { server, outbox, clock, storage } = model;
    server.failures.set("send_message", [new CallError("network")]);
    const file = {
      path: "tmp://a.jpg",
      keptPath: "usr://a.jpg",
      kind: "image",
      width: 4,
      height: 3,
      durationMs: 0,
    } as const;

    outbox.send({ conversationId: "c-1", file, replyTo: 0 });
    await clock.settle();
    const kept = JSON.parse((await storage.get("client-1")) ?? "{}");
    expect(kept).toMatchObject({ content: { type: "image", body: { fileId: "f-1", width: 4, height: 3 } } });
    await clock.advance(1_000);

    expect(textsOf(server)).toEqual(["image"]);
  });

  test("a sent message takes its place in the log at once", async () => {
    const model = createModel();
    model.engine.joined();
    await model.clock.settle();
    const entry = model.book.entry("c-1");
    expect(entry).toBeDefined();
    if (entry !== undefined) await model.catchUp.open(entry);

    model.outbox.send(text("one"));
    await model.clock.settle();

    expect(heldSeqs(model)).toEqual([1]);
  });
});
