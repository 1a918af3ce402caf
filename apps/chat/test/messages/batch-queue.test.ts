import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BatchOutcome, BatchQueue } from "../../src/messages/batch-queue.ts";

/** A run that waits for its turn to end. */
interface Run {
  readonly items: readonly string[];
  end(error?: Error): void;
}

/** A queue whose runs end when the test says so; an item that begins with "bad" is refused. */
function scriptedQueue({ maxBatch = 4, maxWaiting = 100 } = {}) {
  const runs: Run[] = [];
  const queue = new BatchQueue<string, string>({
    run: (items) =>
      new Promise((resolve, reject) => {
        const outcomes = items.map((item): BatchOutcome<string> =>
          item.startsWith("bad") ? { kind: "refused", error: new Error(item) } : { kind: "done", result: `${item}!` },
        );
        runs.push({ items, end: (error) => (error === undefined ? resolve(outcomes) : reject(error)) });
      }),
    maxBatch,
    maxWaiting,
    refuse: () => new Error("full"),
  });
  return { queue, runs };
}

/** What is ready now is done afterwards. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(() => setImmediate(resolve)));
}

describe("BatchQueue", () => {
  test("runs a lone item at once", async () => {
    const { queue, runs } = scriptedQueue();

    const result = queue.push("a", "one");
    await turn();
    runs[0]?.end();

    expect(await result).toBe("one!");
  });

  test("what comes while a run goes on is in the next one, up to the limit", async () => {
    const { queue, runs } = scriptedQueue();
    const results = [queue.push("a", "one")];
    await turn();
    for (const item of ["two", "three", "four", "five", "six"]) results.push(queue.push("a", item));
    await turn();
    expect(runs).toHaveLength(1);

    for (let place = 0; place < 3; place++) {
      runs[place]?.end();
      await turn();
    }

    expect(runs.map(({ items }) => items)).toEqual([["one"], ["two", "three", "four", "five"], ["six"]]);
    expect(await Promise.all(results)).toEqual(["one!", "two!", "three!", "four!", "five!", "six!"]);
  });

  test("lanes do not wait for each other", async () => {
    const { queue, runs } = scriptedQueue();
    const [one, two] = [queue.push("a", "one"), queue.push("b", "two")];
    await turn();
    expect(runs.map(({ items }) => items)).toEqual([["one"], ["two"]]);

    runs[1]?.end();
    expect(await two).toBe("two!");
    runs[0]?.end();
    expect(await one).toBe("one!");
  });

  test("a refused item leaves the others alone", async () => {
    const { queue, runs } = scriptedQueue();
    const results = Promise.allSettled([queue.push("a", "one"), queue.push("a", "bad"), queue.push("a", "two")]);
    await turn();
    runs[0]?.end();

    const states = (await results).map((result) => (result.status === "fulfilled" ? result.value : "refused"));
    expect(states).toEqual(["one!", "refused", "two!"]);
  });

  test("a run that fails is run again one by one", async () => {
    const { queue, runs } = scriptedQueue();
    const results = Promise.allSettled([queue.push("a", "one"), queue.push("a", "two")]);
    await turn();
    runs[0]?.end(new Error("broken"));
    await turn();
    runs[1]?.end(new Error("broken for one"));
    await turn();
    runs[2]?.end();

    expect(await results).toEqual([
      { status: "rejected", reason: new Error("broken for one") },
      { status: "fulfilled", value: "two!" },
    ]);
    expect(runs.map(({ items }) => items)).toEqual([["one", "two"], ["one"], ["two"]]);
  });

  test("refuses what comes when too many wait, and takes more when they are gone", async () => {
    const { queue, runs } = scriptedQueue({ maxWaiting: 2 });
    const taken = [queue.push("a", "one"), queue.push("a", "two")];
    await expect(queue.push("b", "three")).rejects.toThrow("full");
    await turn();
    runs[0]?.end();
    await Promise.all(taken);

    const late = queue.push("b", "three");
    await turn();
    runs[1]?.end();
    expect(await late).toBe("three!");
  });
});

/** A log as a database keeps it: what a transaction adds is there when it commits, and not before. */
class Log {
  readonly rows: string[] = [];

  append(items: readonly string[], fails: boolean): readonly BatchOutcome<number>[] {
    const added = [...this.rows];
    const outcomes = items.map((item): BatchOutcome<number> => {
      const known = added.indexOf(item);
      if (known !== -1) return { kind: "done", result: known + 1 };
      if (item.startsWith("bad")) return { kind: "refused", error: new Error(item) };
      return { kind: "done", result: added.push(item) };
    });
    if (fails) throw new Error("the commit failed");
    this.rows.splice(0, this.rows.length, ...added);
    return outcomes;
  }
}

test("any interleaving of sends, failures and retries gives dense numbers and one row per id", async () => {
  const ids = fc.constantFrom("a", "b", "c", "d", "e", "f", "bad-g", "bad-h");
  const step = fc.record({ id: ids, pauses: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.array(fc.constantFrom("commit", "fail", "late", "unknown"), { maxLength: 40 }),
      async (steps, fates) => {
        const log = new Log();
        let runCount = 0;
        const queue = new BatchQueue<string, number>({
          run: async (items) => {
            const fate = fates[runCount++] ?? "commit";
            if (fate === "late") await turn();
            const outcomes = log.append(items, fate === "fail");
            // Committed, and the answer is lost on the way.
            if (fate === "unknown") throw new Error("the connection broke");
            return outcomes;
          },
          maxBatch: 3,
          maxWaiting: 1_000,
          refuse: () => new Error("full"),
        });
        const acknowledged = new Map<string, Set<number>>();
        const sends = steps.map(async ({ id, pauses }) => {
          if (pauses) await turn();
          const sent = await queue
            .push("lane", id)
            .catch(() => queue.push("lane", id))
            .catch(() => undefined);
          if (sent !== undefined) acknowledged.set(id, (acknowledged.get(id) ?? new Set()).add(sent));
        });
        await Promise.all(sends);

        expect(new Set(log.rows).size).toBe(log.rows.length);
        for (const [id, places] of acknowledged) expect([...places]).toEqual([log.rows.indexOf(id) + 1]);
        expect(log.rows.filter((id) => id.startsWith("bad"))).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});
