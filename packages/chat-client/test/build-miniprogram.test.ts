import { brotliCompressSync } from "node:zlib";
import { createFakeWx, createWxRealm, FakeClock } from "@hutong/testing";
import { transform } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";

import { bundleMiniprogram, ENTRIES } from "../build-miniprogram.ts";
import { type ChatClient, createTalkChat } from "./support/talk-chat.ts";
import { heldSeqs } from "./support/talk-model.ts";

const MAX_BYTES = 13.5 * 1024;

/** What no mini-program has, in the places where a script could ask for it; a member of an object may have any name. */
const MISSING =
  /(?<![.\w$"'-])(?:window|document|self|location|navigator|globalThis|process|Buffer|require|WebSocket|fetch|XMLHttpRequest|FormData|Blob|File|URL|URLSearchParams|TextEncoder|TextDecoder|btoa|atob|localStorage|indexedDB|crypto|performance|AbortController|AbortSignal|queueMicrotask|structuredClone|setImmediate|DOMException|EventTarget|Event|eval|import|wx)\b(?![:"'])/g;
/** Methods that came into the language after 2017 and have no syntax, so that no compiler sees them. */
const TOO_NEW =
  /\.(?:at|flat|flatMap|findLast|findLastIndex|finally|replaceAll|matchAll|fromEntries|hasOwn|allSettled|toSorted|toReversed|toSpliced)\(/g;

describe("the script that a mini-program loads", () => {
  let script: string;
  beforeAll(async () => {
    script = await bundleMiniprogram("index");
  });

  test("holds the chat, in few bytes with brotli", () => {
    expect(script).toContain("send_message");
    expect(brotliCompressSync(script).byteLength).toBeLessThanOrEqual(MAX_BYTES);
  });

  test.each(ENTRIES)("%s is CommonJS that names nothing that a mini-program lacks, nor `wx`", async (entry) => {
    const script = await bundleMiniprogram(entry);
    expect(script).toContain("module.exports=");
    expect(script.replace(/"(?:\\.|[^"\\])*"/g, '""').match(MISSING) ?? []).toEqual([]);
    expect(script.match(TOO_NEW) ?? []).toEqual([]);
  });

  test("has no syntax that is younger than ES2017, and no private names as maps", async () => {
    const lowered = await transform(script, { target: "es2017" });
    const kept = await transform(script, { target: "esnext" });

    // Not toBe: the difference of two scripts is no report.
    expect(lowered.code === kept.code).toBe(true);
    expect(script).not.toContain("new WeakMap");
  });

  test.each([false, true])("talks in the realm of a phone; slow promises: %s", async (hasSlowPromises) => {
    const clock = new FakeClock();
    const phone = createFakeWx({ clock });
    // The script is the package.
    const client = createWxRealm(phone.run, { hasSlowPromises }).load(script) as ChatClient;
    const { chat, server } = createTalkChat({ client, clock });
    const settle = (): Promise<void> => clock.advance(hasSlowPromises ? 400 : 0);

    const started = chat.start();
    await settle();
    await started;
    await settle();
    const entry = chat.book.entry("c1");
    if (entry === undefined) throw new Error("the conversation is not there");
    const opened = chat.open(entry);
    await settle();
    await opened;
    server.push("message", server.say());
    chat.outbox.send({ conversationId: "c1", content: { type: "text", body: { text: "from the phone" } } });
    chat.drafts.set("c1", "half a sen");
    await settle();

    expect(chat.link.state.peek().kind).toBe("live");
    expect(heldSeqs(entry)).toEqual([1, 2]);
    expect([...chat.outbox.entries.peek()]).toEqual([]);
  });
});
