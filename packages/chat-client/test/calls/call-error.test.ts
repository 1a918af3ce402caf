import { describe, expect, test } from "vitest";

import { CallError, codeOf, toCallError } from "../../src/calls/call-error.ts";

describe("CallError", () => {
  test("says whether it is worth calling again later", () => {
    const codes = [
      "network",
      "rate_limited",
      "slow_mode",
      "internal",
      "unavailable",
      "muted",
      "not_found",
      "file_gone",
    ];

    expect(codes.filter((code) => new CallError(code).mayPass)).toEqual([
      "network",
      "rate_limited",
      "slow_mode",
      "internal",
      "unavailable",
    ]);
  });

  test("keeps what was thrown in place of an answer", () => {
    const cause = new TypeError("offline");

    expect(new CallError("network", undefined, cause)).toMatchObject({ message: "the call failed: network", cause });
  });
});

describe("toCallError", () => {
  test("reads the reason and when to try again", () => {
    expect(toCallError({ reason: "slow_mode", retryAfterMs: 900 })).toMatchObject({
      code: "slow_mode",
      retryAfterMs: 900,
    });
  });

  test.each([undefined, null, "text", [], { reason: 5, retryAfterMs: "soon" }])(
    "what is no refusal, %j, is the server's fault",
    (refusal) => {
      expect(toCallError(refusal)).toMatchObject({ code: "internal", retryAfterMs: undefined });
    },
  );
});

test("codeOf of anything else than a failed call is internal", () => {
  expect([codeOf(new CallError("muted")), codeOf(new TypeError("x")), codeOf("muted")]).toEqual([
    "muted",
    "internal",
    "internal",
  ]);
});
