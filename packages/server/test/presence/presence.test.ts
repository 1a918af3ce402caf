import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { Presence } from "../../src/presence/presence.ts";
import type { PresenceDiff } from "../../src/presence/presence-diff.ts";
import { DEFAULT_PRESENCE_LIMITS, type PresenceLimits } from "../../src/presence/presence-limits.ts";

interface Published extends PresenceDiff {
  readonly topic: string;
}

interface PresenceBench {
  readonly presence: Presence;
  readonly clock: FakeClock;
  /** Every diff so far. */
  readonly diffs: Published[];
  /** Everything else so far. */
  readonly events: (readonly [event: string, payload: unknown])[];
}

function createPresence(limits: PresenceLimits = {}, nodeId = "n"): PresenceBench {
  const diffs: Published[] = [];
  const events: (readonly [string, unknown])[] = [];
  const clock = new FakeClock();
  const presence = new Presence({
    nodeId,
    clock,
    limits: { ...DEFAULT_PRESENCE_LIMITS, ...limits },
    channel: {
      publish: (topic, { joins, leaves }) => diffs.push({ topic, joins, leaves }),
      publishLocally: (_topic, event, payload) => events.push([event, onWire(payload)]),
      handOver: (payload) => events.push(["hand_over", onWire(payload)]),
      claim: (payload) => events.push(["claim", payload]),
    },
  });
  return { presence, clock, diffs, events };
}

/** As it goes over the wire, where an object has no prototype to compare. */
function onWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const [TAB_1, TAB_2] = [{ name: "tab 1" }, { name: "tab 2" }];

test("tracking is listed and broadcast as a join", () => {
  const { presence, diffs } = createPresence();

  const ref = presence.track("room:1", TAB_1, "ann", { status: "online" });

  const state = { ann: { metas: [{ status: "online", phx_ref: ref }] } };
  expect(onWire(presence.list("room:1"))).toEqual(state);
  expect(onWire(diffs)).toEqual([{ topic: "room:1", joins: state, leaves: {} }]);
});

test("every entry has a ref of its own", () => {
  const { presence } = createPresence();

  const refs = [
    presence.track("room:1", TAB_1, "ann", {}),
    presence.track("room:1", TAB_2, "ann", {}),
    presence.track("room:2", TAB_1, "ann", {}),
  ];

  expect(new Set(refs).size).toBe(3);
});

test("refs of two nodes differ", () => {
  const { presence: left } = createPresence({}, "left-");
  const { presence: right } = createPresence({}, "right-");

  expect(left.track("room:1", TAB_1, "ann", {})).not.toBe(right.track("room:1", TAB_1, "ann", {}));
});

test("a person with two tabs has two metas under one key", () => {
  const { presence } = createPresence();

  presence.track("room:1", TAB_1, "ann", { tab: 1 });
  presence.track("room:1", TAB_2, "ann", { tab: 2 });

  expect(presence.list("room:1")["ann"]?.metas.map((meta) => meta["tab"])).toEqual([1, 2]);
});

test("the second tab's join carries its own meta only", async () => {
  const { presence, clock, diffs } = createPresence();
  presence.track("room:1", TAB_1, "ann", { tab: 1 });
  await clock.settle();

  presence.track("room:1", TAB_2, "ann", { tab: 2 });

  expect(diffs[1]?.joins["ann"]?.metas.map((meta) => meta["tab"])).toEqual([2]);
});

test("one owner tracks a key once", () => {
  const { presence, diffs } = createPresence();
  presence.track("room:1", TAB_1, "ann", {});

  expect(() => presence.track("room:1", TAB_1, "ann", {})).toThrow(TypeError);
  expect(diffs).toHaveLength(1);
});

test("an owner tracks the same key on two topics", () => {
  const { presence } = createPresence();

  presence.track("room:1", TAB_1, "ann", {});
  presence.track("room:2", TAB_1, "ann", {});

  expect(Object.keys(presence.list("room:2"))).toEqual(["ann"]);
});

test("a meta cannot choose its own ref", () => {
  const { presence } = createPresence();

  const ref = presence.track("room:1", TAB_1, "ann", { phx_ref: "forged" });

  expect(presence.list("room:1")["ann"]?.metas[0]?.phx_ref).toBe(ref);
  expect(ref).not.toBe("forged");
});

test("an update is one diff with the old meta and the new", async () => {
  const { presence, clock, diffs } = createPresence();
  const first = presence.track("room:1", TAB_1, "ann", { status: "online" });
  await clock.settle();

  const second = presence.update("room:1", TAB_1, "ann", () => ({ status: "away" }));

  expect(second).not.toBe(first);
  expect(onWire(diffs[1])).toEqual({
    topic: "room:1",
    joins: { ann: { metas: [{ status: "away", phx_ref: second, phx_ref_prev: first }] } },
    leaves: { ann: { metas: [{ status: "online", phx_ref: first }] } },
  });
});

test("an update is given the meta that it replaces", () => {
  const { presence } = createPresence();
  presence.track("room:1", TAB_1, "ann", { visits: 1 });

  presence.update("room:1", TAB_1, "ann", (meta) => ({ visits: Number(meta["visits"]) + 1 }));

  expect(presence.list("room:1")["ann"]?.metas[0]?.["visits"]).toBe(2);
});

test("an update keeps the order of the key's metas", () => {
  const { presence } = createPresence();
  presence.track("room:1", TAB_1, "ann", { tab: 1 });
  presence.track("room:1", TAB_2, "ann", { tab: 2 });

  presence.update("room:1", TAB_1, "ann", () => ({ tab: "one" }));

  expect(presence.list("room:1")["ann"]?.metas.map((meta) => meta["tab"])).toEqual(["one", 2]);
});

test("an update without an entry does nothing", () => {
  const { presence, diffs } = createPresence();
  presence.track("room:1", TAB_1, "ann", {});

  expect(presence.update("room:1", TAB_2, "ann", () => ({}))).toBeUndefined();
  expect(presence.update("room:1", TAB_1, "bob", () => ({}))).toBeUndefined();
  expect(presence.update("room:2", TAB_1, "ann", () => ({}))).toBeUndefined();
  expect(diffs).toHaveLength(1);
});

test("untracking a key is broadcast as a leave", async () => {
  const { presence, clock, diffs } = createPresence();
  const ref = presence.track("room:1", TAB_1, "ann", { status: "online" });
  await clock.settle();

  presence.untrack("room:1", TAB_1, "ann");

  expect(onWire(presence.list("room:1"))).toEqual({});
  expect(onWire(diffs[1])).toEqual({
    topic: "room:1",
    joins: {},
    leaves: { ann: { metas: [{ status: "online", phx_ref: ref }] } },
  });
});

test("untracking one tab keeps the other", () => {
  const { presence } = createPresence();
  presence.track("room:1", TAB_1, "ann", { tab: 1 });
  presence.track("room:1", TAB_2, "ann", { tab: 2 });

  presence.untrack("room:1", TAB_1, "ann");

  expect(presence.list("room:1")["ann"]?.metas.map((meta) => meta["tab"])).toEqual([2]);
});

test("untracking an owner removes all its keys on the topic in one diff", async () => {
  const { presence, clock, diffs } = createPresence();
  presence.track("room:1", TAB_1, "ann", {});
  presence.track("room:1", TAB_1, "bob", {});
  presence.track("room:1", TAB_2, "bob", {});
  presence.track("room:2", TAB_1, "ann", {});
  await clock.settle();

  presence.untrack("room:1", TAB_1);

  expect(Object.keys(presence.list("room:1"))).toEqual(["bob"]);
  expect(Object.keys(presence.list("room:2"))).toEqual(["ann"]);
  expect(Object.keys(diffs.at(-1)?.leaves ?? {})).toEqual(["ann", "bob"]);
});

test("untracking what is not there broadcasts nothing", () => {
  const { presence, diffs } = createPresence();

  presence.untrack("room:1", TAB_1);
  presence.untrack("room:1", TAB_1, "ann");

  expect(diffs).toEqual([]);
});

test("a topic without anyone lists nobody", () => {
  const { presence } = createPresence();

  expect(Object.keys(presence.list("room:1"))).toEqual([]);
});

test.each(["__proto__", "constructor", "toString", "hasOwnProperty", ""])("the key %j is data", (key) => {
  const { presence, diffs } = createPresence();

  const ref = presence.track("room:1", TAB_1, key, {});

  const text = JSON.stringify({ metas: [{ phx_ref: ref }] });
  expect(JSON.stringify(presence.list("room:1"))).toBe(`{${JSON.stringify(key)}:${text}}`);
  expect(JSON.stringify(diffs[0]?.joins)).toBe(`{${JSON.stringify(key)}:${text}}`);
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test("a listed state does not change with later entries", () => {
  const { presence } = createPresence();
  presence.track("room:1", TAB_1, "ann", {});

  const before = presence.list("room:1");
  presence.track("room:1", TAB_2, "ann", {});

  expect(before["ann"]?.metas).toHaveLength(1);
});

describe("diffs", () => {
  test("of one turn of the event loop go out as one, after the first", async () => {
    const { presence, clock, diffs } = createPresence();

    for (const key of ["ann", "bob", "cyd", "dan"]) presence.track("room:1", {}, key, {});
    await clock.settle();

    expect(diffs.map(({ joins }) => Object.keys(joins))).toEqual([["ann"], ["bob", "cyd", "dan"]]);
  });

  test("of a big topic are collected for the window", async () => {
    const { presence, clock, diffs } = createPresence({ maxImmediate: 1 });
    presence.track("room:1", {}, "ann", {});
    await clock.settle();
    presence.track("room:1", {}, "bob", {});
    presence.track("room:1", {}, "cyd", {});
    await clock.advance(49);
    const before = diffs.length;

    await clock.advance(1);

    expect(before).toBe(2);
    expect(diffs.map(({ joins }) => Object.keys(joins))).toEqual([["ann"], ["bob"], ["cyd"]]);
  });

  test("of a join and its leave within one window cancel out", async () => {
    const { presence, clock, diffs } = createPresence();
    presence.track("room:1", TAB_1, "ann", {});

    presence.track("room:1", TAB_2, "bob", {});
    presence.untrack("room:1", TAB_2);
    await clock.settle();

    expect(diffs.map(({ joins, leaves }) => [Object.keys(joins), Object.keys(leaves)])).toEqual([[["ann"], []]]);
  });

  test("of two topics do not wait for each other", () => {
    const { presence, diffs } = createPresence();

    presence.track("room:1", TAB_1, "ann", {});
    presence.track("room:2", TAB_1, "ann", {});

    expect(diffs.map(({ topic }) => topic)).toEqual(["room:1", "room:2"]);
  });
});

describe("grace", () => {
  test("an entry whose client is lost stays for the grace and then leaves", async () => {
    const { presence, clock, diffs } = createPresence();
    presence.track("room:1", TAB_1, "ann", {});
    await clock.settle();

    presence.abandon("room:1", TAB_1);
    await clock.advance(9_999);
    const before = Object.keys(presence.list("room:1"));
    await clock.advance(1);

    expect(before).toEqual(["ann"]);
    expect(Object.keys(presence.list("room:1"))).toEqual([]);
    expect(Object.keys(diffs.at(-1)?.leaves ?? {})).toEqual(["ann"]);
    expect(clock.timerCount).toBe(0);
  });

  test("a client that comes back takes its entry over without a word", async () => {
    const { presence, clock, diffs } = createPresence();
    const ref = presence.track("room:1", TAB_1, "ann", { device: "phone" });
    await clock.settle();
    presence.abandon("room:1", TAB_1);
    await clock.advance(5_000);

    const again = presence.track("room:1", TAB_2, "ann", { device: "phone" });
    await clock.advance(60_000);

    expect(again).toBe(ref);
    expect(diffs).toHaveLength(1);
    expect(presence.list("room:1")["ann"]?.metas).toHaveLength(1);
    expect(clock.timerCount).toBe(0);
  });

  test("a client that comes back with another meta has updated its entry", async () => {
    const { presence, clock, diffs } = createPresence();
    const ref = presence.track("room:1", TAB_1, "ann", { device: "phone" });
    await clock.settle();
    presence.abandon("room:1", TAB_1);

    const again = presence.track("room:1", TAB_2, "ann", { device: "tablet" });
    await clock.settle();

    expect(onWire(diffs.slice(1))).toEqual([
      {
        topic: "room:1",
        joins: { ann: { metas: [{ device: "tablet", phx_ref: again, phx_ref_prev: ref }] } },
        leaves: { ann: { metas: [{ device: "phone", phx_ref: ref }] } },
      },
    ]);
  });

  test("of two lost entries of a key the one with the same meta is taken over", async () => {
    const { presence, clock, diffs } = createPresence();
    presence.track("room:1", TAB_1, "ann", { tab: 1 });
    const second = presence.track("room:1", TAB_2, "ann", { tab: 2 });
    await clock.settle();
    for (const tab of [TAB_1, TAB_2]) presence.abandon("room:1", tab);

    const again = presence.track("room:1", {}, "ann", { tab: 2 });
    await clock.settle();

    expect(again).toBe(second);
    expect(diffs).toHaveLength(2);
  });

  test("what was taken over belongs to its new owner", async () => {
    const { presence, clock } = createPresence();
    presence.track("room:1", TAB_1, "ann", {});
    presence.abandon("room:1", TAB_1);
    presence.track("room:1", TAB_2, "ann", {});

    presence.untrack("room:1", TAB_1);
    const afterOld = Object.keys(presence.list("room:1"));
    presence.untrack("room:1", TAB_2);
    await clock.settle();

    expect(afterOld).toEqual(["ann"]);
    expect(Object.keys(presence.list("room:1"))).toEqual([]);
  });

  test("entries lost one after the other leave one after the other, on one timer", async () => {
    const { presence, clock } = createPresence();
    presence.track("room:1", TAB_1, "ann", {});
    presence.track("room:2", TAB_2, "bob", {});
    await clock.settle();
    presence.abandon("room:1", TAB_1);
    await clock.advance(4_000);
    presence.abandon("room:2", TAB_2);
    const timers = clock.timerCount;

    await clock.advance(6_000);
    const [first, second] = [presence.count("room:1"), presence.count("room:2")];
    await clock.advance(4_000);

    expect(timers).toBe(1);
    expect([first, second, presence.count("room:2")]).toEqual([0, 1, 0]);
  });

  test("a topic that nobody is on is forgotten", async () => {
    const { presence, clock } = createPresence();
    presence.abandon("room:1", TAB_1);
    presence.track("room:1", TAB_1, "ann", {});
    presence.untrack("room:1", TAB_1);
    await clock.settle();

    expect(presence.topicCount).toBe(0);
  });

  test("closing leaves no timer and says nothing more", async () => {
    const { presence, clock, diffs } = createPresence({ maxImmediate: 1 });
    for (const key of ["ann", "bob", "cyd"]) presence.track("room:1", TAB_1, key, {});
    presence.abandon("room:1", TAB_1);
    const before = diffs.length;

    presence.close();
    const timers = clock.timerCount;
    await clock.advance(60_000);

    expect(timers).toBe(0);
    expect(diffs).toHaveLength(before);
    expect(presence.count("room:1")).toBe(0);
  });
});

describe("a topic with more entries than may be listed", () => {
  async function crowd(size: number): Promise<PresenceBench & { readonly owners: readonly object[] }> {
    const bench = createPresence({ maxListed: 10, maxImmediate: 1_000 });
    const owners = Array.from({ length: size }, () => ({}));
    for (const [index, owner] of owners.entries()) bench.presence.track("room:1", owner, `user-${index}`, {});
    await bench.clock.settle();
    return { ...bench, owners };
  }

  test("lists nobody and tells a count", async () => {
    const { presence, events, diffs } = await crowd(11);

    expect(Object.keys(presence.list("room:1"))).toEqual([]);
    expect(presence.count("room:1")).toBe(11);
    expect(events).toEqual([
      ["presence_state", {}],
      ["presence_count", { count: 11 }],
    ]);
    expect(diffs).toHaveLength(1);
  });

  test("tells the count once per window and only when it changed", async () => {
    const { presence, clock, events, owners } = await crowd(11);
    const [first = {}] = owners;
    events.length = 0;

    presence.update("room:1", first, "user-0", () => ({ status: "away" }));
    await clock.settle();
    for (const key of ["x", "y", "z"]) presence.track("room:1", {}, key, {});
    await clock.settle();

    expect(events).toEqual([
      ["presence_count", { count: 12 }],
      ["presence_count", { count: 14 }],
    ]);
  });

  test("lists everyone again when a tenth of the limit is free", async () => {
    const { presence, clock, events, owners } = await crowd(11);
    events.length = 0;

    presence.untrack("room:1", owners[0] ?? {});
    await clock.settle();
    presence.untrack("room:1", owners[1] ?? {});
    await clock.settle();

    const state = onWire(presence.list("room:1"));
    expect(events).toEqual([
      ["presence_count", { count: 10 }],
      ["presence_state", state],
    ]);
    expect(presence.count("room:1")).toBe(9);
  });
});

describe("limits of a channel", () => {
  test("an entry up to the limit is tracked, a larger one throws", () => {
    const { presence } = createPresence();
    // ["ann",{"text":""}] has 19 bytes.
    const meta = { text: "x".repeat(2_048 - 19) };

    expect(presence.track("room:1", TAB_1, "ann", meta)).not.toBe("");
    expect(() => presence.track("room:1", TAB_2, "ann", { text: `${meta.text}y` })).toThrow(
      new TypeError(
        "a presence entry of 2049 bytes is larger than the limit of 2048; everyone on the topic is sent it, so build it from checked and shortened fields of what the client sent",
      ),
    );
  });

  test("a key counts, too", () => {
    const { presence } = createPresence();

    expect(() => presence.track("room:1", TAB_1, "熊".repeat(700), {})).toThrow(TypeError);
  });

  test("an update beyond the size throws and changes nothing", () => {
    const { presence } = createPresence();
    const ref = presence.track("room:1", TAB_1, "ann", {});

    expect(() => presence.update("room:1", TAB_1, "ann", () => ({ text: "x".repeat(2_048) }))).toThrow(TypeError);
    expect(presence.list("room:1")["ann"]?.metas[0]?.phx_ref).toBe(ref);
  });

  test("the sixth update within 30 s is refused, and later ones are allowed again", async () => {
    const { presence, clock } = createPresence();
    presence.track("room:1", TAB_1, "ann", {});
    const update = (): unknown => presence.update("room:1", TAB_1, "ann", ({ phx_ref }) => ({ after: phx_ref }));
    for (let count = 0; count < 5; count++) update();

    expect(update).toThrow(
      expect.objectContaining({ code: "rate_limited", response: { reason: "rate_limited", retry_after_ms: 6_000 } }),
    );
    await clock.advance(6_000);
    expect(update()).toBeTypeOf("string");
  });

  test("another channel's updates are its own", () => {
    const { presence } = createPresence({ maxUpdates: 1 });
    presence.track("room:1", TAB_1, "ann", {});
    presence.track("room:1", TAB_2, "ann", {});
    presence.update("room:1", TAB_1, "ann", () => ({}));

    expect(presence.update("room:1", TAB_2, "ann", () => ({}))).toBeTypeOf("string");
  });
});

describe("a node that goes away", () => {
  const meta = { device: "phone", phx_ref: "other1" };
  const handOver = { topic: "room:1", entries: [{ key: "ann", meta }] };

  test("leaves entries whose link breaks to the other nodes, and tells nobody that they left", async () => {
    const { presence, clock, diffs, events } = createPresence();
    const ref = presence.track("room:1", TAB_1, "ann", { device: "phone" });
    await clock.settle();

    presence.drain();
    presence.abandon("room:1", TAB_1);
    await clock.advance(60_000);

    const entries = [{ key: "ann", meta: { device: "phone", phx_ref: ref } }];
    expect(events).toEqual([["hand_over", { topic: "room:1", entries }]]);
    expect(diffs).toHaveLength(1);
  });

  test("leaves those that wait already, too, but none that it was left itself", () => {
    const { presence, clock, events } = createPresence();
    presence.track("room:2", TAB_1, "bob", {});
    presence.abandon("room:2", TAB_1);
    presence.adopt(handOver);

    presence.drain();

    expect(events).toEqual([["hand_over", expect.objectContaining({ topic: "room:2" })]]);
    expect(clock.timerCount).toBe(0);
  });

  test("hands an entry to a client that comes back to another node", async () => {
    const { presence, clock, diffs, events } = createPresence();
    presence.adopt(handOver);

    const ref = presence.track("room:1", TAB_1, "ann", { device: "phone" });
    await clock.advance(60_000);

    expect(ref).toBe("other1");
    expect(events).toEqual([["claim", { topic: "room:1", key: "ann", ref: "other1" }]]);
    expect(diffs).toEqual([]);
    expect(onWire(presence.list("room:1"))).toEqual({ ann: { metas: [meta] } });
  });

  test("has every other node tell its own channels when the client stays away", async () => {
    const { presence, clock, diffs, events } = createPresence();
    presence.adopt(handOver);

    await clock.advance(10_000);

    expect(events).toEqual([["presence_diff", { joins: {}, leaves: { ann: { metas: [meta] } } }]]);
    expect(diffs).toEqual([]);
    expect([presence.count("room:1"), presence.topicCount]).toEqual([0, 0]);
  });

  test("is forgotten for an entry that found its client elsewhere", async () => {
    const { presence, clock, events } = createPresence();
    presence.adopt(handOver);

    presence.release({ topic: "room:1", key: "ann", ref: "unknown" });
    const before = presence.count("room:1");
    presence.release({ topic: "room:1", key: "ann", ref: "other1" });
    await clock.advance(60_000);

    expect([before, presence.count("room:1")]).toEqual([1, 0]);
    expect(events).toEqual([]);
  });
});
