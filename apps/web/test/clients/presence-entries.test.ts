import { describe, expect, test } from "vitest";

import { fromPresenceState, withPresenceDiff } from "../../src/clients/presence-entries.ts";

const ada = { phx_ref: "1", nickname: "Ada" };
const bo = { phx_ref: "2", nickname: "Bo" };

describe("fromPresenceState", () => {
  test("a state becomes entries", () => {
    expect([...fromPresenceState({ a: { metas: [ada] } })]).toEqual([["a", [ada]]]);
  });

  test("what is not a state becomes nothing", () => {
    expect(fromPresenceState(null).size).toBe(0);
    expect(fromPresenceState({ a: {}, b: 7 }).size).toBe(0);
  });

  test("a key named like a member of every object is only a key", () => {
    const entries = fromPresenceState(JSON.parse('{"__proto__":{"metas":[{"phx_ref":"1"}]}}'));

    expect([...entries.keys()]).toEqual(["__proto__"]);
  });
});

describe("withPresenceDiff", () => {
  const entries = fromPresenceState({ a: { metas: [ada] } });

  test("a join adds a member", () => {
    expect([...withPresenceDiff(entries, { joins: { b: { metas: [bo] } }, leaves: {} })]).toEqual([
      ["a", [ada]],
      ["b", [bo]],
    ]);
  });

  test("a leave of the last meta takes the member away", () => {
    expect(withPresenceDiff(entries, { joins: {}, leaves: { a: { metas: [ada] } } }).size).toBe(0);
  });

  test("a change is a join of the new meta and a leave of the old one", () => {
    const renamed = { phx_ref: "3", nickname: "Ada L." };
    const diff = { joins: { a: { metas: [renamed] } }, leaves: { a: { metas: [ada] } } };

    expect([...withPresenceDiff(entries, diff)]).toEqual([["a", [renamed]]]);
  });

  test("the same join twice adds one meta", () => {
    const diff = { joins: { a: { metas: [ada] } }, leaves: {} };

    expect([...withPresenceDiff(entries, diff)]).toEqual([["a", [ada]]]);
  });

  test("the entries that were given stay as they were", () => {
    withPresenceDiff(entries, { joins: {}, leaves: { a: { metas: [ada] } } });

    expect([...entries]).toEqual([["a", [ada]]]);
  });

  test("what is not a diff changes nothing", () => {
    expect([...withPresenceDiff(entries, "no")]).toEqual([["a", [ada]]]);
  });
});
