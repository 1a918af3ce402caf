import { describe, expect, test } from "vitest";

import { MAX_ENTRIES, reduceTimeline, type TimelineEntry, type TimelineEvent } from "../../src/state/timeline.ts";

function after(...events: readonly TimelineEvent[]): readonly TimelineEntry[] {
  return events.reduce(reduceTimeline, [] as readonly TimelineEntry[]);
}

function received(id: string, from: string, body: string): TimelineEvent {
  return { kind: "received", message: { id, from, body, atMs: 2_000 } };
}

function submitted(key: string, body: string): TimelineEvent {
  return { kind: "submitted", key, from: "Ada", body, atMs: 1_000 };
}

function outline(entries: readonly TimelineEntry[]): readonly string[] {
  return entries.map(
    ({ key, id, body, isOwn, delivery }) => `${key} ${id ?? "-"} ${body} ${isOwn ? "own" : "other"} ${delivery}`,
  );
}

describe("reduceTimeline", () => {
  test("a message of another person settles at once", () => {
    expect(after(received("m1", "Bo", "hi"))).toEqual([
      { key: "m1", id: "m1", from: "Bo", body: "hi", atMs: 2_000, isOwn: false, delivery: "sent" },
    ]);
  });

  test("a broadcast before its reply settles the own message and keeps its key", () => {
    const entries = after(submitted("k1", "hi"), received("m1", "Ada", "hi"), {
      kind: "acknowledged",
      key: "k1",
      id: "m1",
    });

    expect(entries).toEqual([
      { key: "k1", id: "m1", from: "Ada", body: "hi", atMs: 2_000, isOwn: true, delivery: "sent" },
    ]);
  });

  test("a reply before its broadcast gives one message with the server's time", () => {
    const entries = after(
      submitted("k1", "hi"),
      { kind: "acknowledged", key: "k1", id: "m1" },
      received("m1", "Ada", "hi"),
    );

    expect(entries).toEqual([
      { key: "k1", id: "m1", from: "Ada", body: "hi", atMs: 2_000, isOwn: true, delivery: "sent" },
    ]);
  });

  test("of two equal messages under way the older one takes the first broadcast", () => {
    const entries = after(submitted("k1", "hi"), submitted("k2", "hi"), received("m1", "Ada", "hi"));

    expect(outline(entries)).toEqual(["k1 m1 hi own sent", "k2 - hi own sending"]);
  });

  test("the same broadcast twice shows once", () => {
    expect(outline(after(received("m1", "Bo", "hi"), received("m1", "Bo", "hi")))).toEqual(["m1 m1 hi other sent"]);
  });

  test("a person of the same name does not take over a different message", () => {
    const entries = after(submitted("k1", "mine"), received("m1", "Ada", "theirs"));

    expect(outline(entries)).toEqual(["m1 m1 theirs other sent", "k1 - mine own sending"]);
  });

  test("a reply whose broadcast came under another name leaves one own message", () => {
    const entries = after(submitted("k1", "hi"), received("m1", "Ada (2)", "hi"), {
      kind: "acknowledged",
      key: "k1",
      id: "m1",
    });

    expect(outline(entries)).toEqual(["m1 m1 hi own sent"]);
  });

  test("messages under way stand below those that are settled", () => {
    const entries = after(submitted("k1", "mine"), received("m1", "Bo", "first"), received("m2", "Bo", "second"));

    expect(outline(entries)).toEqual(["m1 m1 first other sent", "m2 m2 second other sent", "k1 - mine own sending"]);
  });

  test("a failed message can be sent again or discarded", () => {
    const failed = after(submitted("k1", "hi"), { kind: "failed", key: "k1" });

    expect(outline(failed)).toEqual(["k1 - hi own failed"]);
    expect(outline(reduceTimeline(failed, { kind: "retried", key: "k1" }))).toEqual(["k1 - hi own sending"]);
    expect(reduceTimeline(failed, { kind: "discarded", key: "k1" })).toEqual([]);
  });

  test("a broadcast that arrives after the failure was reported makes the message sent", () => {
    const entries = after(submitted("k1", "hi"), { kind: "failed", key: "k1" }, received("m1", "Ada", "hi"));

    expect(outline(entries)).toEqual(["k1 m1 hi own sent"]);
  });

  test("a late failure does not undo what the broadcast has proved", () => {
    const entries = after(submitted("k1", "hi"), received("m1", "Ada", "hi"), { kind: "failed", key: "k1" });

    expect(outline(entries)).toEqual(["k1 m1 hi own sent"]);
  });

  test("a sent message cannot be discarded", () => {
    expect(outline(after(received("m1", "Bo", "hi"), { kind: "discarded", key: "m1" }))).toEqual([
      "m1 m1 hi other sent",
    ]);
  });

  test("unknown keys change nothing", () => {
    const events: readonly TimelineEvent[] = [
      { kind: "acknowledged", key: "none", id: "m9" },
      { kind: "failed", key: "none" },
      { kind: "retried", key: "none" },
    ];

    expect(outline(after(received("m1", "Bo", "hi"), ...events))).toEqual(["m1 m1 hi other sent"]);
  });

  test("only the latest 500 settled messages stay, and the one under way stays too", () => {
    const many = Array.from({ length: 503 }, (_, index) => received(`m${index}`, "Bo", "hi"));
    const entries = after(submitted("k1", "mine"), ...many);

    expect(MAX_ENTRIES).toBe(500);
    expect(entries).toHaveLength(501);
    expect(entries[0]?.id).toBe("m3");
    expect(entries.at(-1)?.key).toBe("k1");
  });
});
