import { describe, expect, test } from "vitest";
import { toLine, toWords } from "../src/line.ts";

describe("toLine", () => {
  test.each([
    ["is one line", " Ada\r\n\tLovelace\u2028", "Ada Lovelace"],
    ["loses what turns the direction of writing", "photo\u202Egpj.exe\u2066", "photogpj.exe"],
    ["loses controls and what takes no room", "A\u0007d\u200Ba\uFEFF\u00AD\u001B[31m", "Ada[31m"],
    ["keeps what joins emoji and letters", "👨‍👩‍👧 می‌خواهم 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧 می‌خواهم 🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["is empty for letters that look like nothing", "\u3164\u2800 \u200D\u0301", ""],
    ["is empty for nothing but marks", "\u202E\u200B", ""],
  ])("%s", (_what, text, line) => {
    expect(toLine(text)).toBe(line);
  });
});

describe("toWords", () => {
  test("keeps lines and marks, and trims", () => {
    expect(toWords(" one\n\u202Etwo ")).toBe("one\n\u202Etwo");
  });

  test.each(["", " \n", "\u200B\u202E", "\u3164"])("%j is empty", (text) => {
    expect(toWords(text)).toBe("");
  });
});
