import fc from "fast-check";
import { expect, test } from "vitest";
import { LeanMap } from "../src/lean-map.ts";

const key = fc.constantFrom("a", "b", "c");
const step = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), key, value: fc.record({ n: fc.integer() }) }),
  fc.record({ kind: fc.constant("delete" as const), key }),
);

test("it holds what a Map holds, in the same order, whatever is done to it", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const [map, lean] = [new Map<string, object>(), new LeanMap<string, object>()];
      for (const each of steps) {
        if (each.kind === "delete") expect(lean.delete(each.key)).toBe(map.delete(each.key));
        else {
          map.set(each.key, each.value);
          lean.set(each.key, each.value);
        }
        expect(lean.size).toBe(map.size);
        expect([lean.keys(), lean.values()]).toEqual([[...map.keys()], [...map.values()]]);
        for (const name of ["a", "b", "c"]) expect(lean.get(name)).toBe(map.get(name));
      }
    }),
  );
});

test("what it gives out is a copy", () => {
  const lean = new LeanMap<string, object>();
  lean.set("a", {});

  for (const name of lean.keys()) lean.delete(name);

  expect(lean.size).toBe(0);
});
