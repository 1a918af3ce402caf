import { describe, expect, test } from "vitest";

import { withNetwork } from "../../src/state/browser.ts";

describe("withNetwork", () => {
  test("waiting without a network is being offline", () => {
    expect(withNetwork({ kind: "connecting" }, false)).toEqual({ kind: "offline" });
    expect(withNetwork({ kind: "reconnecting", retryAtMs: 5_000 }, false)).toEqual({ kind: "offline" });
  });

  test("a refusal stays a refusal without a network", () => {
    expect(withNetwork({ kind: "refused", reason: "unauthorized" }, false)).toEqual({
      kind: "refused",
      reason: "unauthorized",
    });
  });

  test("with a network every state stays as it is", () => {
    expect(withNetwork({ kind: "reconnecting", retryAtMs: 5_000 }, true)).toEqual({
      kind: "reconnecting",
      retryAtMs: 5_000,
    });
  });
});
