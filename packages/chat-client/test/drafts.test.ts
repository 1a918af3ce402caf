import { memoryStorage } from "@hutong/client";
import { describe, expect, test } from "vitest";

import { Drafts, parseDrafts } from "../src/drafts.ts";

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

  test("what it did not write is no draft", () => {
    expect(parseDrafts(undefined).size).toBe(0);
    expect(parseDrafts("{").size).toBe(0);
    expect([...parseDrafts('[["c1",1],["c2","text"],7]')]).toEqual([["c2", "text"]]);
  });
});
