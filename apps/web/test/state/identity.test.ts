import { describe, expect, test } from "vitest";

import { WORDS } from "../../src/i18n.ts";
import { hueOf, letterOf } from "../../src/state/identity.ts";

describe("hueOf", () => {
  test("a name has the same hue every time", () => {
    expect(hueOf("Ada")).toBe(168);
    expect(hueOf("小北")).toBe(48);
  });

  test("the names of the three frames have three hues", () => {
    expect(new Set(WORDS.en.trioNames.map(hueOf)).size).toBe(3);
    expect(new Set(WORDS.zh.trioNames.map(hueOf)).size).toBe(3);
  });
});

describe("letterOf", () => {
  test("the first letter is a capital", () => {
    expect(letterOf(" ada")).toBe("A");
    expect(letterOf("小北")).toBe("小");
  });

  test("a picture made of several characters stays whole", () => {
    expect(letterOf("👩‍🚀 Ada")).toBe("👩‍🚀");
  });

  test("an empty name has a question mark", () => {
    expect(letterOf("  ")).toBe("?");
  });
});
