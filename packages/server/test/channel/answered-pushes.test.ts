import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { AnsweredPushes, type Asker } from "../../src/channel/answered-pushes.ts";
import { refuse, reply } from "../../src/results.ts";

const LIMITS = { answerMemoryMs: 600_000, maxRememberedAnswers: 3 };

function start(limits = LIMITS) {
  const clock = new FakeClock();
  const pushes = new AnsweredPushes(clock, limits);
  const heard: string[] = [];
  const asker =
    (name: string): Asker =>
    (answer) =>
      heard.push(`${name} ${answer.kind}`);
  return { clock, pushes, heard, asker };
}

describe("AnsweredPushes", () => {
  test("a new push is to be handled, and its sender is given the answer", () => {
    const { pushes, heard, asker } = start();

    expect(pushes.begin("a", asker("first"))).toBe(true);
    pushes.answer("a", reply());

    expect(heard).toEqual(["first reply"]);
  });

  test("a push that comes again after its answer is answered at once, the same", () => {
    const { pushes, heard, asker } = start();
    pushes.begin("a", asker("first"));
    pushes.answer("a", refuse("no"));

    expect(pushes.begin("a", asker("second"))).toBe(false);

    expect(heard).toEqual(["first refuse", "second refuse"]);
  });

  test("a push that comes again while it is handled is answered where it was asked last", () => {
    const { pushes, heard, asker } = start();
    pushes.begin("a", asker("first"));

    expect(pushes.begin("a", asker("second"))).toBe(false);
    pushes.answer("a", reply());

    expect(heard).toEqual(["second reply"]);
  });

  test("of several answers the first is remembered, and the others are not taken", () => {
    const { pushes, heard, asker } = start();
    pushes.begin("a", asker("first"));

    const taken = [pushes.answer("a", reply()), pushes.answer("a", refuse("too late"))];
    pushes.begin("a", asker("second"));

    expect(taken).toEqual([true, false]);
    expect(heard).toEqual(["first reply", "second reply"]);
  });

  test("a push whose handler failed may be tried again", () => {
    const { pushes, asker } = start();
    pushes.begin("a", asker("first"));

    pushes.forget("a");

    expect(pushes.begin("a", asker("second"))).toBe(true);
  });

  test("an answer is forgotten after its time", async () => {
    const { clock, pushes, asker } = start();
    pushes.begin("a", asker("first"));
    pushes.answer("a", reply());

    await clock.advance(600_000);

    expect(pushes.begin("a", asker("second"))).toBe(true);
  });

  test("the oldest answer makes room for one too many", () => {
    const { pushes, asker } = start();
    for (const id of ["a", "b", "c", "d"]) pushes.begin(id, asker(id));

    expect(pushes.begin("d", asker("again"))).toBe(false);
    expect(pushes.begin("a", asker("again"))).toBe(true);
  });

  test("an answer to a push that nobody began, or that made room, is not taken", () => {
    const { pushes, heard, asker } = start();
    for (const id of ["a", "b", "c", "d"]) pushes.begin(id, asker(id));

    expect([pushes.answer("a", reply()), pushes.answer("x", reply())]).toEqual([false, false]);

    expect(heard).toEqual([]);
  });
});
