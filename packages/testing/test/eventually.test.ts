import { eventually, next } from "@hutong/testing";
import { describe, expect, test } from "vitest";

describe("eventually", () => {
  test("gives what the check gives once it passes", async () => {
    let attempts = 0;

    const value = await eventually(() => {
      attempts++;
      if (attempts < 3) throw new Error("not yet");
      return "done";
    });

    expect([value, attempts]).toEqual(["done", 3]);
  });

  test("waits while the check gives false", async () => {
    let attempts = 0;

    await eventually(() => ++attempts === 3);

    expect(attempts).toBe(3);
  });

  test("waits for a check that takes time", async () => {
    await expect(eventually(async () => Promise.resolve("later"))).resolves.toBe("later");
  });

  test("rejects with the last failure when the limit has passed", async () => {
    const cause = new Error("never");

    await expect(
      eventually(
        () => {
          throw cause;
        },
        { limitMs: 1 },
      ),
    ).rejects.toBe(cause);
    await expect(eventually(() => false, { limitMs: 1 })).rejects.toThrow("the check still gives false");
  });
});

describe("next", () => {
  /** Something that reports numbers. */
  class Counter {
    readonly handlers = new Set<(value: number) => void>();

    on(_event: "count", handler: (value: number) => void): () => void {
      this.handlers.add(handler);
      return () => void this.handlers.delete(handler);
    }

    report(value: number): void {
      for (const handler of this.handlers) handler(value);
    }
  }

  test("gives the next value, not an earlier one, and ends its subscription", async () => {
    const counter = new Counter();
    counter.report(1);

    const value = next(counter, "count");
    counter.report(2);
    counter.report(3);

    expect(await value).toBe(2);
    expect(counter.handlers.size).toBe(0);
  });

  test("rejects when the limit has passed, and ends its subscription", async () => {
    const counter = new Counter();

    await expect(next(counter, "count", { limitMs: 1 })).rejects.toThrow('"count" did not happen within 1 ms');
    expect(counter.handlers.size).toBe(0);
  });
});
