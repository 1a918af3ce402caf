import { describe, expect, test } from "vitest";
import type { PresenceMeta, PresenceState } from "../../src/presence/presence-diff.ts";
import { cardsOf, metaOf, newsOf, readDiff } from "../../src/presence/presence-news.ts";

function meta(ref: string, info: object = {}): PresenceMeta {
  return { ...info, phx_ref: ref };
}

function state(entries: Readonly<Record<string, readonly PresenceMeta[]>>): PresenceState {
  return Object.fromEntries(Object.entries(entries).map(([id, metas]) => [id, { metas }]));
}

describe("the news of a diff", () => {
  test("is the first meta of an id", () => {
    const joins = state({ "7": [meta("a", { name: "Bo" })] });

    expect(newsOf({ joins, leaves: {} }, joins)).toEqual([{ kind: "came", card: { id: "7", info: { name: "Bo" } } }]);
  });

  test("is the last meta of an id", () => {
    expect(newsOf({ joins: {}, leaves: state({ "7": [meta("a")] }) }, {})).toEqual([{ kind: "went", id: "7" }]);
  });

  test("is not a further meta of an id, nor one of several that goes", () => {
    const both = state({ "7": [meta("a"), meta("b")] });

    expect(newsOf({ joins: state({ "7": [meta("b")] }), leaves: {} }, both)).toEqual([]);
    expect(newsOf({ joins: {}, leaves: state({ "7": [meta("c")] }) }, both)).toEqual([]);
  });

  test("is not an update", () => {
    const changed = state({ "7": [meta("b")] });

    expect(newsOf({ joins: changed, leaves: state({ "7": [meta("a")] }) }, changed)).toEqual([]);
  });

  test("tells of several that came together once, with the newest info", () => {
    const joins = state({ "7": [meta("a", { n: 1 }), meta("b", { n: 2 })], "8": [meta("c")] });

    expect(newsOf({ joins, leaves: {} }, joins)).toEqual([
      { kind: "came", card: { id: "7", info: { n: 2 } } },
      { kind: "came", card: { id: "8", info: {} } },
    ]);
  });

  test("of an id that objects have by birth is like that of any other", () => {
    const joins = state({ constructor: [meta("a")], toString: [meta("b")] });

    expect(newsOf({ joins, leaves: {} }, {})).toEqual([
      { kind: "came", card: { id: "constructor", info: {} } },
      { kind: "came", card: { id: "toString", info: {} } },
    ]);
    expect(newsOf({ joins: {}, leaves: joins }, {})).toHaveLength(2);
  });

  test("tells of a person on another node, whom this node does not list", () => {
    expect(newsOf({ joins: state({ "7": [meta("a")] }), leaves: {} }, {})).toHaveLength(1);
  });
});

test.each([[{ n: 1 }], ["away"], [null], [[1, 2]], [0]])("the info %j survives as a meta", (info) => {
  const kept = { ...metaOf(info), phx_ref: "b", phx_ref_prev: "a" };

  expect(cardsOf({ "7": { metas: [kept] } })).toEqual([{ id: "7", info }]);
});

test.each([
  [undefined],
  ["text"],
  [null],
  [{}],
  [{ joins: {} }],
  [{ joins: {}, leaves: 1 }],
  [{ joins: { a: {} }, leaves: {} }],
  [{ joins: { a: null }, leaves: {} }],
  [{ joins: { a: { metas: 1 } }, leaves: {} }],
])("%j is no diff", (payload) => {
  expect(readDiff(payload)).toBeUndefined();
});
