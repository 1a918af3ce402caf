import { describe, expect, test } from "vitest";
import { Listeners } from "../src/listeners.ts";
import { FakeClock, rejection } from "./support.ts";

describe("listeners", () => {
  test("are called in the order in which they were added, and not after they were removed", () => {
    const listeners = new Listeners<number>(new FakeClock());
    const calls: string[] = [];
    const off = listeners.add((value) => calls.push(`first ${value}`));
    listeners.add((value) => calls.push(`second ${value}`));

    listeners.emit(1);
    off();
    listeners.emit(2);

    expect(calls).toEqual(["first 1", "second 1", "second 2"]);
  });

  test("everyone hears the same order, also of what a handler causes", () => {
    const listeners = new Listeners<string>(new FakeClock());
    const heard: string[] = [];
    listeners.add((value) => {
      if (value === "refused") listeners.emit("joining");
    });
    listeners.add((value) => heard.push(value));

    listeners.emit("refused");

    expect(heard).toEqual(["refused", "joining"]);
  });

  test("one that is added by a handler hears of the next value only, so one that adds itself anew ends", () => {
    const listeners = new Listeners<number>(new FakeClock());
    const heard: number[] = [];
    const listen = (): void => {
      const off = listeners.add((value) => {
        heard.push(value);
        off();
        listen();
      });
    };
    listen();

    listeners.emit(1);
    listeners.emit(2);

    expect(heard).toEqual([1, 2]);
  });

  test("one that a handler removes is not called any more", () => {
    const listeners = new Listeners<number>(new FakeClock());
    const heard: number[] = [];
    listeners.add(() => off());
    const off = listeners.add((value) => heard.push(value));

    listeners.emit(1);

    expect(heard).toEqual([]);
  });

  test("an error of one is reported by the runtime and stops neither the others nor what comes next", async () => {
    const clock = new FakeClock();
    const listeners = new Listeners<number>(clock);
    const heard: number[] = [];
    listeners.add(() => {
      throw new Error("a bug");
    });
    listeners.add((value) => heard.push(value));

    listeners.emit(1);
    listeners.emit(2);

    expect(heard).toEqual([1, 2]);
    expect(await rejection(clock.advance(0))).toEqual(new Error("a bug"));
  });
});
