import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoundedQueue } from "../src/bounded-queue.ts";

describe("bounded queue", () => {
  test("gives back what was put in, oldest first, once", () => {
    const queue = new BoundedQueue<string>(10);
    queue.add("a");
    queue.add("b");
    queue.delete("a");
    queue.add("c");

    expect(queue.takeAll()).toEqual(["b", "c"]);
    expect(queue.takeAll()).toEqual([]);
  });

  test("refuses what goes beyond its limit and has room again later", () => {
    const queue = new BoundedQueue<number>(1);

    expect([queue.add(1), queue.add(2)]).toEqual([true, false]);
    queue.delete(1);
    expect(queue.add(3)).toBe(true);
    expect(queue.takeAll()).toEqual([3]);
  });

  test("keeps the order and the limit under any sequence of adding, deleting and taking", () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant({ kind: "add" } as const) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), item: fc.nat(40) }) },
      { weight: 1, arbitrary: fc.constant({ kind: "take" } as const) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 8 }), (steps, limit) => {
        const queue = new BoundedQueue<number>(limit);
        const deleted = new Set<number>();
        const taken: number[] = [];
        let next = 0;
        for (const action of steps) {
          if (action.kind === "add") queue.add(next++);
          else if (action.kind === "take") taken.push(...queue.takeAll());
          else if (!taken.includes(action.item)) {
            queue.delete(action.item);
            if (action.item < next) deleted.add(action.item);
          }
          expect(queue.size).toBeLessThanOrEqual(limit);
        }
        taken.push(...queue.takeAll());

        expect(taken).toEqual(taken.toSorted((a, b) => a - b));
        expect(new Set(taken).size).toBe(taken.length);
        expect(taken.filter((item) => deleted.has(item))).toEqual([]);
      }),
    );
  });
});
