import { memoryStorage } from "@hutong/client";
import { describe, expect, test } from "vitest";

import { Drafts } from "../src/drafts.ts";

describe("Drafts", () => {
  test("drafts outlive a run, empty ones are forgotten", async () => {
    const storage = memoryStorage();
    const drafts = new Drafts(storage);
    drafts.set("c1", "half a sen");
    drafts.set("c2", "gone");
    drafts.set("c2", "  ");

    const next = new Drafts(storage);
    await next.restore();

    expect([...next.texts.value]).toEqual([["c1", "half a sen"]]);
    expect([next.of("c1"), next.of("c2")]).toEqual(["half a sen", ""]);
  });

  test("what was written before the old drafts are there stands", async () => {
    const storage = memoryStorage();
    new Drafts(storage).set("c1", "old");

    const drafts = new Drafts(storage);
    const restored = drafts.restore();
    drafts.set("c1", "new");
    await restored;

    expect(drafts.of("c1")).toBe("new");
  });

  test("two tabs that write in different conversations keep both drafts", async () => {
    const storage = memoryStorage();
    const [one, other] = [new Drafts(storage), new Drafts(storage)];
    await Promise.all([one.restore(), other.restore()]);
    one.set("c1", "half a sen");
    other.set("c2", "another half");

    const next = new Drafts(storage);
    await next.restore();

    expect([next.of("c1"), next.of("c2")]).toEqual(["half a sen", "another half"]);
  });

  test("without a storage a draft lasts as long as the run", async () => {
    const fail = async (): Promise<never> => Promise.reject(new Error("no storage"));
    const drafts = new Drafts({ get: fail, set: fail, delete: fail, keys: fail });
    await drafts.restore();

    drafts.set("c1", "half a sen");

    expect(drafts.of("c1")).toBe("half a sen");
  });
});
