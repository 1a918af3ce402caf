import { describe, expect, test } from "vitest";
import { AppLife } from "../../src/wechat/app-life.ts";
import { createScriptedPhone } from "./scripted-phone.ts";

function watchLife() {
  const { phone, clock } = createScriptedPhone();
  const app = new AppLife(phone.wx, phone.run.app.clock);
  const told: string[] = [];
  const stops = [app.watch(() => told.push("changed")), app.onThaw(() => told.push("thawed"))];
  return { phone, clock, app, told, stop: () => stops.forEach((stop) => stop()) };
}

describe("the life of a mini-program", () => {
  test("four seconds in the background change nothing but what is seen", async () => {
    const { phone, clock, app, told } = watchLife();

    phone.background();
    expect(app.isVisible()).toBe(false);
    await clock.advance(4_000);
    phone.foreground();

    expect(app.isVisible()).toBe(true);
    expect(told).toEqual(["changed"]);
  });

  test("who comes back after the freeze is told of it first", async () => {
    const { phone, clock, told } = watchLife();

    phone.background();
    await clock.advance(5_000);
    phone.foreground();

    expect(told).toEqual(["thawed", "changed"]);
  });

  test("after hours, tick and event make one thaw", async () => {
    const { phone, clock, told } = watchLife();

    phone.background();
    await clock.advance(20 * 60_000);
    phone.foreground();
    await clock.advance(60_000);

    expect(told).toEqual(["thawed", "changed"]);
  });

  test("a jump of the clock is a thaw that WeChat did not tell of", async () => {
    const { phone, clock, told } = watchLife();

    // The code stands still without an event, as when a computer sleeps.
    phone.run.app.freeze();
    await clock.advance(31_000);
    phone.run.app.show();
    await clock.advance(60_000);

    expect(told).toEqual(["thawed"]);
  });

  test("the network decides what is online", () => {
    const { phone, app, told } = watchLife();

    phone.setNetwork("none");
    expect(app.isOnline()).toBe(false);
    phone.setNetwork("4g");

    expect(app.isOnline()).toBe(true);
    expect(told).toEqual(["changed", "changed"]);
  });

  test("who listens no more is told nothing, and no timer is left", async () => {
    const { phone, clock, told, stop } = watchLife();

    stop();
    phone.setNetwork("none");
    phone.background();
    phone.foreground();

    expect(told).toEqual([]);
    expect(clock.timerCount).toBe(0);
  });
});
