import fc from "fast-check";
import { expect, test } from "vitest";
import {
  applyDiff,
  mergeDiffs,
  type PresenceDiff,
  type PresenceState,
  toState,
} from "../../src/presence/presence-diff.ts";

/** What may happen on a topic; the number chooses among the metas that are there. */
const happening = fc.record({
  kind: fc.constantFrom("track", "update", "untrack"),
  key: fc.constantFrom("ann", "bob", "__proto__"),
  choice: fc.nat({ max: 5 }),
});

interface History {
  readonly start: PresenceState;
  readonly diffs: readonly PresenceDiff[];
}

/** Histories as Presence makes them: a ref comes once and goes once. */
const history = fc
  .tuple(fc.array(happening, { maxLength: 10 }), fc.array(happening, { maxLength: 20 }))
  .map(([before, after]): History => {
    let refCount = 0;
    let state = toState([]);
    const step = ({ kind, key, choice }: { kind: string; key: string; choice: number }): PresenceDiff => {
      const metas = state[key]?.metas ?? [];
      const old = metas[choice % Math.max(1, metas.length)];
      const leaves = kind === "track" || old === undefined ? toState([]) : toState([[key, old]]);
      refCount++;
      const joins = kind === "untrack" ? toState([]) : toState([[key, { phx_ref: `r${refCount}` }]]);
      const diff = { joins, leaves };
      state = applyDiff(state, diff);
      return diff;
    };
    for (const each of before) step(each);
    const start = state;
    return { start, diffs: after.map(step) };
  });

function applyEach(start: PresenceState, diffs: readonly PresenceDiff[]): PresenceState {
  let state = start;
  for (const diff of diffs) state = applyDiff(state, diff);
  return state;
}

function refsOf(state: PresenceState): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(Object.entries(state).map(([key, { metas }]) => [key, new Set(metas.map(({ phx_ref }) => phx_ref))]));
}

test("applying the merged diff gives the same state, in the same order, as applying each", () => {
  fc.assert(
    fc.property(history, ({ start, diffs }) => {
      const merged = applyDiff(start, mergeDiffs(diffs));
      const each = applyEach(start, diffs);
      expect(merged).toEqual(each);
      expect(Object.entries(merged).map(([, { metas }]) => metas)).toHaveLength(Object.keys(each).length);
    }),
  );
});

test("merging is associative: windows may be cut anywhere", () => {
  fc.assert(
    fc.property(history, fc.nat(), ({ diffs }, cut) => {
      const at = cut % (diffs.length + 1);
      const [first, second] = [mergeDiffs(diffs.slice(0, at)), mergeDiffs(diffs.slice(at))];
      expect(mergeDiffs([first, second])).toEqual(mergeDiffs(diffs));
    }),
  );
});

test("merging a diff with itself changes nothing, and applying it twice is applying it once", () => {
  fc.assert(
    fc.property(history, ({ start, diffs }) => {
      const diff = mergeDiffs(diffs);
      expect(mergeDiffs([diff, diff])).toEqual(diff);
      const once = applyDiff(start, diff);
      expect(applyDiff(once, diff)).toEqual(once);
    }),
  );
});

test("diffs that touch different metas commute, but for the order of metas under a key", () => {
  fc.assert(
    fc.property(history, ({ start, diffs }) => {
      // Joins alone touch different metas: every ref is new.
      const joins = diffs.map((diff) => ({ joins: diff.joins, leaves: toState([]) }));
      const forward = applyDiff(start, mergeDiffs(joins));
      const backward = applyDiff(start, mergeDiffs(joins.toReversed()));
      expect(refsOf(backward)).toEqual(refsOf(forward));
    }),
  );
});

test("no meta is both among the joins and among the leaves", () => {
  fc.assert(
    fc.property(history, ({ diffs }) => {
      const { joins, leaves } = mergeDiffs(diffs);
      const left = refsOf(leaves);
      for (const [key, refs] of refsOf(joins))
        for (const ref of refs) expect(left.get(key)?.has(ref) ?? false).toBe(false);
    }),
  );
});
