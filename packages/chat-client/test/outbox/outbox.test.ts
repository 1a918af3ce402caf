import type { Message, MessageContent } from "@hutong/chat-api";
import { type KeyValueStorage, memoryStorage } from "@hutong/client";
import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";

import { CallError } from "../../src/calls/call-error.ts";
import { Outbox } from "../../src/outbox/outbox.ts";
import type { Draft } from "../../src/outbox/outbox-entry.ts";
import { OutboxStore, type PendingFiles } from "../../src/outbox/outbox-store.ts";
import { ADA, messageOf, ScriptedServer } from "../support/scripted-server.ts";

const textOf = (text: string): MessageContent => ({ type: "text", body: { text } });

function draftOf(text: string, conversationId = "c1"): Draft<string> {
  return { conversationId, content: textOf(text) };
}

/** Files are words here. */
const FILE = "a picture";

class Harness {
  readonly clock = new FakeClock();
  readonly server = new ScriptedServer();
  readonly storage: KeyValueStorage;
  readonly kept: Map<string, string>;
  readonly sent: Message[] = [];
  readonly outbox: Outbox<string>;
  upload: (progress: (share: number) => boolean) => Promise<MessageContent> = async () => textOf("uploaded");
  #ids = 0;

  constructor(before?: Pick<Harness, "storage" | "kept">) {
    this.storage = before?.storage ?? memoryStorage();
    this.kept = before?.kept ?? new Map();
    const { kept } = this;
    const files: PendingFiles<string> = {
      upload: (_file, progress) => this.upload(progress),
      put: async (id, file) => void kept.set(id, file),
      get: async (id) => kept.get(id),
      delete: async (id) => void kept.delete(id),
    };
    this.outbox = new Outbox({
      call: this.server.call,
      clock: this.clock,
      files,
      store: new OutboxStore(this.storage, files),
      createId: () => `message ${(this.#ids += 1)}`,
      sent: (message) => this.sent.push(message),
    });
    this.accept();
  }

  accept(): void {
    let seq = 0;
    this.server.answer({
      send_message: ({ clientMessageId, conversationId }) => ({
        message: messageOf((seq += 1), { senderId: ADA, clientMessageId, conversationId }),
        duplicate: false,
      }),
    });
  }

  refuse(code: string, retryAfterMs?: number): void {
    this.server.answer({
      send_message: () => {
        throw new CallError(code, retryAfterMs);
      },
    });
  }

  get states(): readonly string[] {
    return this.outbox.entries.value.map(({ state }) => state.kind);
  }

  get triedTexts(): readonly string[] {
    return this.server.calls
      .map(({ input }) => JSON.stringify(input))
      .map((text) => /"text":"(.+?)"/.exec(text)?.[1] ?? "");
  }
}

describe("Outbox", () => {
  test("what is written is sent in order, one at a time, and leaves the outbox when it is stored", async () => {
    const harness = new Harness();

    for (const text of ["one", "two", "three"]) harness.outbox.send(draftOf(text));
    expect(harness.outbox.entries.value).toHaveLength(3);
    await harness.clock.advance(0);

    expect(harness.triedTexts).toEqual(["one", "two", "three"]);
    expect(harness.outbox.entries.value).toEqual([]);
    expect(await harness.storage.keys("")).toEqual([]);
    expect(harness.sent.map(({ clientMessageId }) => clientMessageId)).toEqual(["message 1", "message 2", "message 3"]);
  });

  test("an answer that does not come is no refusal: the same id is sent again, with growing waits", async () => {
    const harness = new Harness();
    harness.refuse("network");
    harness.outbox.send(draftOf("one"));
    harness.outbox.send(draftOf("two"));

    await harness.clock.advance(0);
    await harness.clock.advance(1_000);
    await harness.clock.advance(1_999);
    expect(harness.server.calls).toHaveLength(2);
    harness.accept();
    await harness.clock.advance(1);

    expect(harness.triedTexts).toEqual(["one", "one", "one", "two"]);
    const ids = harness.server.inputsOf("send_message").map((input) => JSON.stringify(input).includes("message 1"));
    expect(ids).toEqual([true, true, true, false]);
  });

  test("a refusal stops that message only, and stays over a reload", async () => {
    const harness = new Harness();
    harness.refuse("muted");
    harness.outbox.send(draftOf("one"));
    await harness.clock.advance(0);
    harness.accept();
    harness.outbox.send(draftOf("two"));
    await harness.clock.advance(0);

    expect(harness.outbox.entries.value.map(({ state }) => state)).toEqual([{ kind: "refused", code: "muted" }]);
    const reloaded = new Harness(harness);
    await reloaded.outbox.start();
    await reloaded.clock.advance(60_000);
    expect(reloaded.states).toEqual(["refused"]);
    expect(reloaded.server.calls).toEqual([]);
  });

  test("a refused message can be sent again under its id, or discarded", async () => {
    const harness = new Harness();
    harness.refuse("mute_all");
    harness.outbox.send(draftOf("one"));
    harness.outbox.send(draftOf("two"));
    await harness.clock.advance(0);
    harness.accept();

    harness.outbox.retry("message 1");
    harness.outbox.discard("message 2");
    await harness.clock.advance(0);

    expect(harness.sent.map(({ clientMessageId }) => clientMessageId)).toEqual(["message 1"]);
    expect(harness.outbox.entries.value).toEqual([]);
  });

  test("what was on its way survives a reload, with its id and its place in the order", async () => {
    const harness = new Harness();
    harness.refuse("network");
    harness.outbox.send(draftOf("one"));
    await harness.clock.advance(1);
    harness.outbox.send(draftOf("two"));
    await harness.clock.advance(1);
    harness.outbox.close();

    const reloaded = new Harness(harness);
    await reloaded.outbox.start();
    await reloaded.clock.advance(0);

    expect(reloaded.triedTexts).toEqual(["one", "two"]);
    expect(reloaded.sent.map(({ clientMessageId }) => clientMessageId)).toEqual(["message 1", "message 2"]);
  });

  test("a slow group holds up nobody else", async () => {
    const harness = new Harness();
    harness.server.answer({
      send_message: ({ clientMessageId, conversationId }) => {
        if (conversationId === "slow") throw new CallError("slow_mode", 5_000);
        return { message: messageOf(1, { clientMessageId, conversationId }), duplicate: false };
      },
    });

    harness.outbox.send(draftOf("one", "slow"));
    harness.outbox.send(draftOf("two", "quick"));
    await harness.clock.advance(0);
    expect(harness.sent.map(({ conversationId }) => conversationId)).toEqual(["quick"]);
    await harness.clock.advance(4_999);
    expect(harness.server.inputsOf("send_message")).toHaveLength(2);
    await harness.clock.advance(1);

    expect(harness.server.inputsOf("send_message")).toHaveLength(3);
  });

  test("a link that comes back skips the waits", async () => {
    const harness = new Harness();
    harness.refuse("network");
    harness.outbox.send(draftOf("one"));
    await harness.clock.advance(0);
    harness.accept();

    harness.outbox.wake();
    await harness.clock.advance(0);

    expect(harness.sent).toHaveLength(1);
  });

  test("a file is uploaded once, also when the message has to be sent twice", async () => {
    const harness = new Harness();
    let uploads = 0;
    harness.upload = async () => {
      uploads += 1;
      return textOf("uploaded");
    };
    harness.refuse("unavailable");

    harness.outbox.send({ conversationId: "c1", file: FILE });
    await harness.clock.advance(0);
    harness.accept();
    await harness.clock.advance(1_000);

    expect(uploads).toBe(1);
    expect(harness.triedTexts).toEqual(["uploaded", "uploaded"]);
    expect(harness.outbox.entries.value).toEqual([]);
  });

  test("a message that is discarded during its upload is not sent", async () => {
    const harness = new Harness();
    let finish: (content: MessageContent) => void = () => undefined;
    harness.upload = () => new Promise((resolve) => (finish = resolve));
    harness.outbox.send({ conversationId: "c1", file: FILE });
    await harness.clock.advance(0);
    expect(harness.states).toEqual(["uploading"]);

    harness.outbox.discard("message 1");
    finish(textOf("uploaded"));
    await harness.clock.advance(0);

    expect(harness.server.calls).toEqual([]);
  });

  test("an upload hears that its message was discarded, and what was written after it is sent", async () => {
    const harness = new Harness();
    let report: (share: number) => boolean = () => true;
    harness.upload = (progress) =>
      new Promise((_, reject) => {
        report = (share) => progress(share) || (reject(new CallError("network")), false);
      });
    harness.outbox.send({ conversationId: "c1", file: FILE });
    harness.outbox.send(draftOf("two"));
    await harness.clock.advance(0);
    expect([report(0.1), harness.states]).toEqual([true, ["uploading", "waiting"]]);

    harness.outbox.discard("message 1");
    expect(report(0.2)).toBe(false);
    await harness.clock.advance(0);

    expect(harness.triedTexts).toEqual(["two"]);
  });

  test.each(["stored", "refused"])("a file that is %s after the close sends and keeps nothing", async (outcome) => {
    const harness = new Harness();
    let finish = (): void => undefined;
    harness.upload = () =>
      new Promise((resolve, reject) => {
        finish = () => (outcome === "stored" ? resolve(textOf("uploaded")) : reject(new CallError("too_large")));
      });
    harness.outbox.send({ conversationId: "c1", file: FILE });
    await harness.clock.advance(0);

    harness.outbox.close();
    for (const key of await harness.storage.keys("")) await harness.storage.delete(key);
    finish();
    await harness.clock.advance(0);

    expect([harness.server.calls, await harness.storage.keys("")]).toEqual([[], []]);
  });

  test("what another tab has discarded meanwhile is not sent, and what it has written is", async () => {
    const tab = new Harness();
    tab.refuse("network");
    tab.outbox.send(draftOf("discarded"));
    tab.outbox.send(draftOf("written"));
    await tab.clock.advance(0);
    const other = new Harness(tab);
    other.refuse("network");
    await other.outbox.start();
    await other.clock.advance(0);

    tab.outbox.discard("message 1");
    await tab.clock.advance(0);
    other.accept();
    other.outbox.wake();
    await other.clock.advance(0);

    expect(other.triedTexts).toEqual(["discarded", "written"]);
    expect(other.sent.map(({ clientMessageId }) => clientMessageId)).toEqual(["message 2"]);
    expect(other.outbox.entries.value).toEqual([]);
  });

  test("a message that no storage takes is sent all the same", async () => {
    const fail = async (): Promise<never> => Promise.reject(new Error("full"));
    const harness = new Harness({ storage: { ...memoryStorage(), set: fail }, kept: new Map() });
    harness.refuse("network");
    harness.outbox.send(draftOf("one"));
    await harness.clock.advance(0);

    harness.accept();
    harness.outbox.wake();
    await harness.clock.advance(0);

    expect(harness.triedTexts).toEqual(["one", "one"]);
  });

  test("a push that brings the message before the answer settles it", async () => {
    const harness = new Harness();
    harness.refuse("network");
    harness.outbox.send(draftOf("one"));
    await harness.clock.advance(0);

    harness.outbox.arrived("message 1");
    await harness.clock.advance(60_000);

    expect(harness.outbox.entries.value).toEqual([]);
    expect(harness.server.calls).toHaveLength(1);
  });

  test("a file that was not uploaded survives a reload, and goes when its message is stored", async () => {
    const harness = new Harness();
    harness.upload = () => new Promise(() => undefined);
    harness.outbox.send({ conversationId: "c1", file: FILE });
    await harness.clock.advance(0);
    expect([...harness.kept]).toEqual([["message 1", "a picture"]]);

    const reloaded = new Harness(harness);
    await reloaded.outbox.start();
    expect(reloaded.outbox.entries.value.map(({ file }) => file)).toEqual(["a picture"]);
    await reloaded.clock.advance(0);

    expect(reloaded.triedTexts).toEqual(["uploaded"]);
    expect([...harness.kept]).toEqual([]);
  });

  test("a message whose file is gone waits for the person", async () => {
    const harness = new Harness();
    harness.upload = () => new Promise(() => undefined);
    harness.outbox.send({ conversationId: "c1", file: FILE });
    await harness.clock.advance(0);
    harness.kept.clear();

    const reloaded = new Harness(harness);
    await reloaded.outbox.start();
    await reloaded.clock.advance(0);

    expect(reloaded.outbox.entries.value.map(({ state }) => state)).toEqual([{ kind: "refused", code: "file_gone" }]);
  });

  test("progress after the upload has ended changes nothing", async () => {
    const harness = new Harness();
    let late: (share: number) => void = () => undefined;
    harness.upload = async (progress) => {
      late = progress;
      progress(0.5);
      return textOf("uploaded");
    };
    harness.refuse("muted");
    harness.outbox.send({ conversationId: "c1", file: FILE });
    await harness.clock.advance(0);

    late(1);

    expect(harness.states).toEqual(["refused"]);
  });

  test("two messages of one millisecond keep their order over a reload", async () => {
    const harness = new Harness();
    harness.refuse("network");
    harness.outbox.send(draftOf("one"));
    harness.outbox.send(draftOf("two"));
    await harness.clock.advance(0);
    const { storage } = harness;
    const backwards = { ...storage, keys: async (prefix: string) => (await storage.keys(prefix)).toReversed() };

    const reloaded = new Harness({ storage: backwards, kept: new Map() });
    await reloaded.outbox.start();
    await reloaded.clock.advance(0);

    expect(reloaded.triedTexts).toEqual(["one", "two"]);
  });

  test("what another wrote under its keys is no message", async () => {
    const harness = new Harness();
    await harness.storage.set("outbox:odd", "{");
    await harness.storage.set("outbox:odder", '{"state":{"kind":"waiting"},"clientMessageId":"x"}');

    await harness.outbox.start();

    expect(harness.outbox.entries.value).toEqual([]);
  });
});
