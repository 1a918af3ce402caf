import { describe, expect, test } from "vitest";

import { Drafts, parseDrafts } from "../../../src/chat/model/drafts.ts";

describe("Drafts", () => {
  test("drafts survive the page, empty ones are forgotten", () => {
    let text: string | undefined;
    const home = { read: () => text, write: (next: string) => void (text = next) };
    const drafts = new Drafts(home);
    drafts.set("c1", "half a sen");
    drafts.set("c2", "gone");
    drafts.set("c2", "  ");

    expect([...new Drafts(home).texts.value]).toEqual([["c1", "half a sen"]]);
  });

  test("what the page did not write is no draft", () => {
    expect(parseDrafts(undefined).size).toBe(0);
    expect(parseDrafts("{").size).toBe(0);
    expect([...parseDrafts('{"a":"b","c":1}')]).toEqual([["a", "b"]]);
  });
});
