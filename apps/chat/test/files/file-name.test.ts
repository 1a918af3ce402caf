import { expect, test } from "vitest";
import { cleanFileName } from "../../src/files/file-name.ts";

test.each([
  ["holiday.jpg", "holiday.jpg"],
  ["年终总结 (1).docx", "年终总结 (1).docx"],
  ["../../etc/passwd", "passwd"],
  ["..\\..\\windows\\system.ini", "system.ini"],
  ["/etc/passwd", "passwd"],
  ["C:\\Users\\ada\\notes.txt", "notes.txt"],
  ["a\u0000b\r\nc.txt", "abc.txt"],
  ["photo\u202Egpj.exe", "photogpj.exe"],
  [".bashrc", "bashrc"],
  ["-rf", "rf"],
  ["..", "file"],
  ["", "file"],
  ["folder/", "file"],
  ["  spaced  ", "spaced"],
  ["cafe\u0301", "caf\u00e9"],
])("E1: %j is kept as %j", (given, kept) => {
  expect(cleanFileName(given)).toBe(kept);
});

test("E1: a long name is cut before its ending", () => {
  const name = cleanFileName(`${"x".repeat(4_096)}.pdf`);

  expect(name).toBe(`${"x".repeat(251)}.pdf`);
});

test("E1: a long name is cut between characters", () => {
  expect(cleanFileName(`x${"😀".repeat(200)}`)).toBe(`x${"😀".repeat(127)}`);
});
