import { expect, test } from "vitest";
import { memoryStorage } from "../../src/storage/memory-storage.ts";

test("a memory storage keeps, gives, lists and deletes texts", async () => {
  const storage = memoryStorage();
  for (const key of ["p:a", "p:b", "q:a"]) await storage.set(key, `text of ${key}`);
  await storage.set("p:a", "newer");
  await storage.delete("p:b");
  await storage.delete("nobody's");

  expect(await storage.get("p:a")).toBe("newer");
  expect(await storage.get("p:b")).toBeUndefined();
  expect(await storage.keys("p:")).toEqual(["p:a"]);
});
