import { describe, expect, test } from "vitest";

import { toRefusalAdvice } from "../../src/state/refusal-advice.ts";

describe("toRefusalAdvice", () => {
  test("each word about tokens asks for a token and keeps its cause", () => {
    expect(toRefusalAdvice("unauthorized")).toEqual({ kind: "bring_token", because: "unauthorized" });
    expect(toRefusalAdvice("token_expired")).toEqual({ kind: "bring_token", because: "token_expired" });
    expect(toRefusalAdvice("token_invalid")).toEqual({ kind: "bring_token", because: "token_invalid" });
  });

  test("a refusal without a reason asks for a token and admits that nothing was said", () => {
    expect(toRefusalAdvice(undefined)).toEqual({ kind: "bring_token", because: "unsaid" });
  });

  test("parameters that do not fit ask for another name", () => {
    expect(toRefusalAdvice("invalid_params")).toEqual({ kind: "change_name" });
  });

  test("a word that the page does not know is shown as it is", () => {
    expect(toRefusalAdvice("full_house")).toEqual({ kind: "unknown", reason: "full_house" });
  });
});
