import { describe, expect, test } from "vitest";
import { estimateOffset, measureOffset } from "../../page/server-time.ts";

describe("the server's time", () => {
  test("is taken from the quickest round trip", () => {
    const slow = { sentAt: 0, serverNow: 300_090, receivedAt: 100 };
    const quick = { sentAt: 200, serverNow: 300_205, receivedAt: 210 };

    expect([estimateOffset([slow]), estimateOffset([slow, quick])]).toEqual([300_040, 300_000]);
  });

  test("is asked for five times", async () => {
    let [now, asked] = [1_000, 0];
    const ask = (): Promise<number> => {
      asked++;
      now += 10;
      return Promise.resolve(now - 5 - 300_000);
    };

    expect(await measureOffset(ask, () => now)).toBe(-300_000);
    expect(asked).toBe(5);
  });

  test("is not known when nobody answers", async () => {
    await expect(
      measureOffset(
        () => Promise.reject(new Error("gone")),
        () => 0,
      ),
    ).rejects.toThrow("gone");
    expect(() => estimateOffset([])).toThrow("an offset takes at least one sample");
  });
});
