import { FakeClock } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { createAnimation } from "../../src/service/animation.ts";
import { EventChannel } from "../../src/service/event-channel.ts";
import { FreezableTimers } from "../../src/service/freezable-timers.ts";
import { decodeData, encodeData, fromBase64, toBase64 } from "../../src/service/wx/binary.ts";
import { plainRequest } from "../../src/service/wx/http-body.ts";

describe("timers of a project", () => {
  function started() {
    const clock = new FakeClock();
    const errors: unknown[] = [];
    const timers = new FreezableTimers(clock, (error) => errors.push(error));
    const { setTimeout, setInterval, clearInterval } = timers.scope as Record<string, (...args: unknown[]) => number>;
    return { clock, errors, timers, setTimeout: setTimeout!, setInterval: setInterval!, clearInterval: clearInterval! };
  }

  test("stand still while frozen, and go on with what was left", async () => {
    const { clock, timers, setTimeout } = started();
    const fired: string[] = [];
    setTimeout((name: string) => fired.push(name), 1_000, "once");
    await clock.advance(600);
    timers.freeze();
    await clock.advance(10_000);
    const frozen = [...fired];
    timers.thaw();
    await clock.advance(399);
    const early = [...fired];
    await clock.advance(1);

    expect([frozen, early, fired]).toEqual([[], [], ["once"]]);
  });

  test("repeat until they are cleared, and report what their functions throw", async () => {
    const { clock, errors, setInterval, clearInterval } = started();
    let count = 0;
    const id = setInterval(() => {
      count++;
      throw new Error("tick");
    }, 100);
    await clock.advance(300);
    clearInterval(id);
    await clock.advance(300);

    expect([count, errors.length, clock.timerCount]).toEqual([3, 3, 0]);
  });
});

describe("an event channel", () => {
  test("keeps what is emitted before somebody listens, and listens once when asked to", () => {
    const [opener, opened] = EventChannel.pair();
    const heard: unknown[] = [];
    opener.emit("early", 1, 2);
    opened.on("early", (...values) => heard.push(values));
    opened.once("again", (value) => heard.push(value));
    opener.emit("again", "first");
    opener.emit("again", "second");
    opened.off("early");
    opener.emit("early", 3);

    expect(heard).toEqual([[1, 2], "first"]);
  });
});

describe("bytes", () => {
  test.each([[[]], [[0]], [[1, 2]], [[255, 0, 128]], [[1, 2, 3, 4, 5]]])("%j survive base64", (bytes) => {
    const buffer = Uint8Array.from(bytes).buffer;

    expect(toBase64(buffer)).toBe(Buffer.from(bytes).toString("base64"));
    expect([...new Uint8Array(fromBase64(toBase64(buffer)))]).toEqual(bytes);
  });

  test("views are cut exactly, texts stay texts", () => {
    const view = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);

    expect(encodeData(view)).toEqual({ base64: "AQI=" });
    expect(new Uint8Array(decodeData(encodeData(view)) as ArrayBuffer)).toEqual(new Uint8Array([1, 2]));
    expect(encodeData("text")).toBe("text");
  });
});

describe("plainRequest", () => {
  test.each([
    [
      "GET puts data into the address",
      { url: "http://a/?x=1#h", data: { y: "ü", z: undefined } },
      { url: "http://a/?x=1&y=%C3%BC#h", method: "GET", body: undefined },
    ],
    [
      "POST sends JSON",
      { url: "http://a/", method: "post", data: { a: [1] } },
      { method: "POST", body: '{"a":[1]}', header: { "content-type": "application/json" } },
    ],
    [
      "a form is sent when the header says so",
      {
        url: "http://a/",
        method: "POST",
        header: { "Content-Type": "application/x-www-form-urlencoded" },
        data: { a: 1, b: "x y" },
      },
      { body: "a=1&b=x%20y", header: { "Content-Type": "application/x-www-form-urlencoded" } },
    ],
    ["text is sent as it is", { url: "http://a/", method: "PUT", data: "raw" }, { method: "PUT", body: "raw" }],
    [
      "the referer cannot be set",
      { url: "http://a/", header: { Referer: "x", A: 1 } },
      { header: { A: "1", "content-type": "application/json" } },
    ],
  ])("%s", (_, request, expected) => {
    expect(plainRequest(request)).toMatchObject(expected);
  });
});

describe("wx.createAnimation", () => {
  test("collects steps with transforms and lengths, and hands them over once", () => {
    const animation = createAnimation({ duration: 100, timingFunction: "ease" }) as Record<
      string,
      (...args: unknown[]) => Record<string, (...args: unknown[]) => unknown>
    >;
    animation["translateX"]!(10);
    animation["rotate"]!(45);
    animation["width"]!("75rpx");
    animation["step"]!();
    animation["opacity"]!(0);
    animation["step"]!({ duration: 5, delay: 7 });
    const { actions } = animation["export"]!() as unknown as { actions: unknown[] };

    expect(actions).toEqual([
      {
        styles: { width: "10vw", transform: "translateX(10px) rotate(45deg)" },
        durationMs: 100,
        delayMs: 0,
        timingFunction: "ease",
        transformOrigin: "50% 50% 0",
      },
      {
        styles: { width: "10vw", opacity: "0" },
        durationMs: 5,
        delayMs: 7,
        timingFunction: "ease",
        transformOrigin: "50% 50% 0",
      },
    ]);
    expect(animation["export"]!()).toEqual({ actions: [] });
  });
});
