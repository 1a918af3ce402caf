import { describe, expect, test } from "vitest";
import { createPhone, loadRealms } from "./realms.ts";

const MEGABYTE = 1024 * 1024;

describe.each(await loadRealms())("wechatStorage in $name", (realm) => {
  function open() {
    const phone = createPhone();
    const { client, given } = realm.start(phone);
    return { phone, storage: client.wechatStorage("chat", given.wx), other: client.wechatStorage("cha", given.wx) };
  }

  test("gives what it keeps, also an empty text, and nothing for what it does not", async () => {
    const { storage } = open();
    await storage.set("a", "熊猫");
    await storage.set("b", "");

    expect([await storage.get("a"), await storage.get("b"), await storage.get("c")]).toEqual(["熊猫", "", undefined]);
  });

  test("shares no key with a storage of another name", async () => {
    const { storage, other } = open();
    await storage.set("push:1", "x");
    await other.set("push:1", "y");
    await storage.set("push:2", "z");
    await storage.set("other", "");

    await storage.delete("push:2");

    expect(await storage.keys("push:")).toEqual(["push:1"]);
    expect(await storage.get("push:1")).toBe("x");
  });

  test("writes take effect in the order of the calls", async () => {
    const { storage } = open();

    const calls = [
      storage.set("a", "1"),
      storage.delete("a"),
      storage.set("a", "2"),
      storage.get("a"),
      storage.set("a", "3"),
    ];

    expect((await Promise.all(calls))[3]).toBe("2");
    expect(await storage.get("a")).toBe("3");
  });

  test.each(["a".repeat(MEGABYTE + 1), "é".repeat(MEGABYTE / 2 + 1), "😀".repeat(MEGABYTE / 4 + 1)])(
    "a text of more than 1 MB is refused, and the old one stays",
    async (text) => {
      const { storage } = open();
      await storage.set("a", "old");

      await expect(storage.set("a", text)).rejects.toMatchObject({ name: "WechatError", code: "value_too_large" });
      expect(await storage.get("a")).toBe("old");
    },
  );

  test("a text of exactly 1 MB is kept", async () => {
    const { storage } = open();

    await storage.set("a", "é".repeat(MEGABYTE / 2));

    expect(await storage.get("a")).toHaveLength(MEGABYTE / 2);
  });

  test("more than 10 MB in all are refused, until something is deleted", async () => {
    const { storage } = open();
    const big = "a".repeat(MEGABYTE - 100);
    for (let index = 0; index < 10; index++) await storage.set(String(index), big);

    await expect(storage.set("last", big)).rejects.toMatchObject({ code: "storage_full", retryable: true });
    await storage.delete("0");
    await storage.set("last", big);

    expect(await storage.keys("")).toHaveLength(10);
  });
});
