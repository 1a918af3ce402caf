import { expect, test } from "vitest";
import { Turns } from "../../src/files/turns.ts";

/** Work that ends when it is told. */
function work(): { readonly run: () => Promise<void>; readonly end: () => void; hasBegun: boolean } {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const piece = { run: () => ((piece.hasBegun = true), ended), end: () => end(), hasBegun: false };
  return piece;
}

test("runs so many at once, and the next when one ends, whatever came of it", async () => {
  const turns = new Turns(1, 2);
  const [second, third] = [work(), work()];
  const failing = turns.take(() => Promise.reject(new Error("no")));
  const [waiting, last] = [turns.take(second.run), turns.take(third.run)];

  await expect(failing).rejects.toThrow("no");
  const begun = [second.hasBegun, third.hasBegun];
  second.end();
  await waiting;
  third.end();
  await last;

  expect(begun).toEqual([true, false]);
  expect(third.hasBegun).toBe(true);
});

test("refuses what would wait behind too many", async () => {
  const turns = new Turns(1, 1);
  const [first, second] = [work(), work()];
  const running = [turns.take(first.run), turns.take(second.run)];

  await expect(turns.take(work().run)).rejects.toMatchObject({ code: "unavailable" });

  first.end();
  second.end();
  await Promise.all(running);
});
