import { FakeClock } from "@hutong/testing";
import { expect, test } from "vitest";

test("the clock stands still until it is moved", async () => {
  const clock = new FakeClock(5_000);
  const before = clock.now();

  await clock.advance(250);

  expect([before, clock.now()]).toEqual([5_000, 5_250]);
});

test("timers run when they fall due, at their own time", async () => {
  const clock = new FakeClock(0);
  const runs: [string, number][] = [];
  clock.after(30, () => runs.push(["late", clock.now()]));
  clock.after(10, () => runs.push(["early", clock.now()]));
  clock.after(100, () => runs.push(["too late", clock.now()]));

  await clock.advance(50);

  expect(runs).toEqual([
    ["early", 10],
    ["late", 30],
  ]);
});

test("timers of one time run in the order in which they were set", async () => {
  const clock = new FakeClock();
  const runs: string[] = [];
  for (const name of ["first", "second", "third"]) clock.after(10, () => runs.push(name));

  await clock.advance(10);

  expect(runs).toEqual(["first", "second", "third"]);
});

test("a timer for a moment that has passed runs now, and time does not go back", async () => {
  const clock = new FakeClock(1_000);
  const runs: number[] = [];
  clock.after(-500, () => runs.push(clock.now()));

  await clock.advance(10);

  expect(runs).toEqual([1_000]);
});

test("an interval runs until it is cancelled", async () => {
  const clock = new FakeClock(0);
  const runs: number[] = [];
  const cancel = clock.every(10, () => runs.push(clock.now()));
  await clock.advance(35);

  cancel();
  await clock.advance(100);

  expect(runs).toEqual([10, 20, 30]);
});

test("an interval without length runs once a millisecond, as those of Node do", async () => {
  const clock = new FakeClock(0);
  const runs: number[] = [];
  clock.every(0, () => runs.push(clock.now()));

  await clock.advance(3);

  expect(runs).toEqual([1, 2, 3]);
});

test("a cancelled timer never runs", async () => {
  const clock = new FakeClock();
  let runs = 0;

  clock.after(10, () => runs++)();
  await clock.advance(10);

  expect([runs, clock.timerCount]).toEqual([0, 0]);
});

test("a timer that is set by another runs in the same advance when it falls due", async () => {
  const clock = new FakeClock(0);
  const runs: number[] = [];
  clock.after(10, () => clock.after(10, () => runs.push(clock.now())));

  await clock.advance(20);

  expect(runs).toEqual([20]);
});

test("promises settle and soon tasks run between two timers", async () => {
  const clock = new FakeClock();
  const log: string[] = [];
  clock.after(10, () => {
    log.push("first timer");
    clock.soon(() => log.push("soon"));
    void Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => log.push("promise"));
  });
  clock.after(20, () => log.push("second timer"));

  await clock.advance(20);

  expect(log).toEqual(["first timer", "promise", "soon", "second timer"]);
});

test("soon tasks that beget soon tasks all run, and time stands still", async () => {
  const clock = new FakeClock(7);
  const log: string[] = [];
  clock.soon(() => {
    log.push("outer");
    clock.soon(() => log.push("inner"));
  });
  const before = [...log];

  await clock.settle();

  expect(before).toEqual([]);
  expect([log, clock.now()]).toEqual([["outer", "inner"], 7]);
});

test("timers are counted while they wait", async () => {
  const clock = new FakeClock();
  clock.after(10, () => {});
  const cancel = clock.every(10, () => {});
  const before = clock.timerCount;
  await clock.advance(10);
  const between = clock.timerCount;

  cancel();

  expect([before, between, clock.timerCount]).toEqual([2, 1, 0]);
});
