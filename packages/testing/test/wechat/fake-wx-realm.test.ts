import { describe, expect, test } from "vitest";
import { FakeClock } from "../../src/fake-clock.ts";
import { createFakeWx } from "../../src/wechat/fake-wx.ts";
import { createWxRealm } from "../../src/wechat/fake-wx-realm.ts";

function createRealm(hasSlowPromises = false) {
  const clock = new FakeClock();
  const phone = createFakeWx({ clock });
  return { clock, phone, realm: createWxRealm(phone.run, { hasSlowPromises }) };
}

describe("the realm of a mini-program", () => {
  test("loads CommonJS and knows wx", () => {
    const { realm, phone } = createRealm();
    phone.wx.setStorageSync("a", "kept");

    expect(realm.load('exports = module.exports; exports.a = wx.getStorageSync("a");')).toEqual({ a: "kept" });
  });

  test.each(["fetch", "URL", "queueMicrotask", "process", "Object.hasOwn", "[].at", "Promise.allSettled", "WeakRef"])(
    "has no %s",
    (name) => {
      expect(createRealm().realm.evaluate(`typeof ${name}`)).toBe("undefined");
    },
  );

  test("its timers have numbers, stand still while it is frozen, and its date is the phone's", async () => {
    const { realm, phone, clock } = createRealm();
    realm.evaluate(`
      var ran = [];
      setTimeout(() => ran.push("timer"), 20000);
      clearTimeout(setTimeout(() => ran.push("never"), 1000));
      var interval = setInterval(() => { ran.push("tick"); clearInterval(interval); }, 15000);
    `);
    expect(realm.evaluate("typeof interval")).toBe("number");

    phone.background();
    await clock.advance(60_000);
    expect(realm.evaluate("ran.join()")).toBe("");
    phone.foreground();

    expect(realm.evaluate("ran.join()")).toBe("tick,timer");
    expect(realm.evaluate("Date.now()")).toBe(clock.now());
  });

  test("with slow promises what follows a promise comes after a timer", async () => {
    const { realm, clock } = createRealm(true);
    realm.evaluate(`
      var ran = [];
      Promise.resolve().then(() => ran.push("promise"));
      setTimeout(() => ran.push("timer"), 0);
    `);

    await clock.advance(1);

    expect(realm.evaluate("ran.join()")).toBe("timer,promise");
  });
});
