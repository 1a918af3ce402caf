import { describe, expect, test } from "vitest";

import { readMessage, readText, toMembers } from "../../src/clients/wire-values.ts";

describe("readMessage", () => {
  test("a broadcast becomes a message", () => {
    expect(readMessage({ id: "m1", from: "Ada", body: "hi", at: 1_000 })).toEqual({
      id: "m1",
      from: "Ada",
      body: "hi",
      atMs: 1_000,
    });
  });

  test("anything else is not a message", () => {
    for (const payload of [null, "hi", [], {}, { id: 1, from: "Ada", body: "hi" }, { presence_state: {} }]) {
      expect(readMessage(payload)).toBeUndefined();
    }
  });
});

describe("readText", () => {
  test("only text of that name counts", () => {
    expect(readText({ reason: "unauthorized" }, "reason")).toBe("unauthorized");
    expect(readText({ reason: 7 }, "reason")).toBeUndefined();
    expect(readText(undefined, "reason")).toBeUndefined();
  });
});

describe("toMembers", () => {
  const entries = new Map([
    ["late", [{ phx_ref: "3", nickname: "Bo", client: "phoenix", at: 20 }]],
    ["early", [{ phx_ref: "1", nickname: "Chen", client: "something else", at: 10 }]],
    ["same", [{ phx_ref: "2", nickname: "Ada", at: 20 }]],
  ]);

  test("members stand in the order of their coming, then of their names", () => {
    expect(toMembers(entries, () => false).map(({ nickname }) => nickname)).toEqual(["Chen", "Ada", "Bo"]);
  });

  test("a client that the page does not know has no badge", () => {
    expect(toMembers(entries, () => false).map(({ client }) => client)).toEqual([undefined, undefined, "phoenix"]);
  });

  test("the page's own presence is marked", () => {
    expect(toMembers(entries, ({ key }) => key === "late").flatMap(({ key, isSelf }) => (isSelf ? [key] : []))).toEqual(
      ["late"],
    );
  });

  test("an entry without a name is left out", () => {
    expect(toMembers(new Map([["x", [{ phx_ref: "1" }, 7]]]), () => false)).toEqual([]);
  });
});
