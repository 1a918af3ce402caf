import { describe, expect, test } from "vitest";
import {
  applyDiff,
  isEmptyDiff,
  mergeDiffs,
  type PresenceDiff,
  type PresenceMeta,
  type PresenceState,
  toState,
} from "../../src/presence/presence-diff.ts";

function state(...metas: readonly (readonly [key: string, ref: string])[]): PresenceState {
  return toState(metas.map(([key, ref]): [string, PresenceMeta] => [key, { phx_ref: ref }]));
}

const NOBODY = state();

describe("mergeDiffs", () => {
  test("of nothing is an empty diff", () => {
    expect(mergeDiffs([])).toEqual({ joins: NOBODY, leaves: NOBODY });
  });

  test("keeps the order in which keys and metas came", () => {
    const merged = mergeDiffs([
      { joins: state(["bob", "1"]), leaves: NOBODY },
      { joins: state(["ann", "2"]), leaves: NOBODY },
      { joins: state(["bob", "3"]), leaves: NOBODY },
    ]);

    expect(JSON.stringify(merged.joins)).toBe(
      '{"bob":{"metas":[{"phx_ref":"1"},{"phx_ref":"3"}]},"ann":{"metas":[{"phx_ref":"2"}]}}',
    );
  });

  test("leaves out what came and went", () => {
    const merged = mergeDiffs([
      { joins: state(["ann", "1"], ["ann", "2"]), leaves: NOBODY },
      { joins: NOBODY, leaves: state(["ann", "1"]) },
    ]);

    expect(merged).toEqual({ joins: state(["ann", "2"]), leaves: NOBODY });
  });

  test("makes a chain of updates one update from the first meta to the last", () => {
    const merged = mergeDiffs([
      { joins: state(["ann", "2"]), leaves: state(["ann", "1"]) },
      { joins: state(["ann", "3"]), leaves: state(["ann", "2"]) },
    ]);

    expect(merged).toEqual({ joins: state(["ann", "3"]), leaves: state(["ann", "1"]) });
  });

  test("takes any key for data", () => {
    const merged = mergeDiffs([{ joins: state(["__proto__", "1"]), leaves: state(["constructor", "2"]) }]);

    expect([Object.keys(merged.joins), Object.keys(merged.leaves)]).toEqual([["__proto__"], ["constructor"]]);
  });
});

describe("applyDiff", () => {
  test("adds what joined behind what is there, and takes away what left", () => {
    const after = applyDiff(state(["ann", "1"], ["bob", "2"]), {
      joins: state(["ann", "3"]),
      leaves: state(["ann", "1"], ["bob", "2"]),
    });

    expect(after).toEqual(state(["ann", "3"]));
  });

  test("ignores a leave of what is not there", () => {
    const after = applyDiff(state(["ann", "1"]), { joins: NOBODY, leaves: state(["ann", "9"], ["bob", "2"]) });

    expect(after).toEqual(state(["ann", "1"]));
  });
});

test.each<readonly [string, PresenceDiff, boolean]>([
  ["nothing", { joins: NOBODY, leaves: NOBODY }, true],
  ["a join", { joins: state(["ann", "1"]), leaves: NOBODY }, false],
  ["a leave", { joins: NOBODY, leaves: state(["ann", "1"]) }, false],
])("a diff of %s is told by isEmptyDiff", (_what, diff, isEmpty) => {
  expect(isEmptyDiff(diff)).toBe(isEmpty);
});
