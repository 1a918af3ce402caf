import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { LifeCycle } from "../../src/host/life-cycle.ts";

function begin() {
  const clock = new FakeClock();
  const changes: string[] = [];
  const life = new LifeCycle({ clock, changed: (state, before) => changes.push(`${before} → ${state}`) });
  return { clock, changes, life };
}

describe("the life cycle of a mini-program", () => {
  test("suspends after five seconds in the background, and ends half an hour later", async () => {
    const { clock, changes, life } = begin();

    life.background();
    await clock.advance(4_999);
    const early = [...changes];
    await clock.advance(1);
    await clock.advance(30 * 60_000);

    expect(early).toEqual(["running → background"]);
    expect(changes).toEqual(["running → background", "background → suspended", "suspended → destroyed"]);
  });

  test("a return in time stops the clock", async () => {
    const { clock, changes, life } = begin();

    life.background();
    await clock.advance(4_999);
    life.foreground();
    await clock.advance(60 * 60_000);

    expect(changes).toEqual(["running → background", "background → running"]);
  });

  test("what changes nothing is not reported, and neither is a start by itself", () => {
    const { changes, life } = begin();

    life.foreground();
    life.background();
    life.background();
    life.restart();

    expect(changes).toEqual(["running → background"]);
    expect(life.state).toBe("running");
  });

  test("one that has ended stays so until it is opened", async () => {
    const { clock, changes, life } = begin();

    life.background();
    life.destroy();
    life.destroy();
    life.background();
    await clock.advance(60 * 60_000);
    life.foreground();

    expect(changes).toEqual(["running → background", "background → destroyed", "destroyed → running"]);
  });
});
