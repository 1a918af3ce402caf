import { describe, expect, test } from "vitest";

import { measureSource } from "../../budgets/syntax.ts";

const spots = (found: readonly { readonly line: number; readonly text: string }[]) =>
  found.map(({ line, text }) => `${line}: ${text}`);

describe("measureSource", () => {
  test("counts lines with and without a last line break", () => {
    expect(measureSource("a.ts", "const a = 1;\nconst b = 2;\n").lines).toBe(2);
    expect(measureSource("a.ts", "const a = 1;\nconst b = 2;").lines).toBe(2);
    expect(measureSource("a.ts", "").lines).toBe(0);
  });

  test("measures functions, methods, constructors and interface methods", () => {
    const text = `
function plain(a: number,
  b: number): number {
  return a + b;
}
class Box {
  constructor(readonly a: number) {}
  method = (a: number, b: number, c: number) => a + b + c;
}
interface Contract {
  call(this: Box, a: string): void;
}
declare function bodiless(a: number): void;
`;

    const { functions } = measureSource("a.ts", text);

    expect(functions.map(({ line, lines, parameters }) => ({ line, lines, parameters }))).toEqual([
      { line: 2, lines: 4, parameters: 2 },
      { line: 7, lines: 1, parameters: 1 },
      { line: 8, lines: 1, parameters: 3 },
      { line: 11, lines: 0, parameters: 1 },
    ]);
  });

  test("finds any, but not the word in names and strings", () => {
    const { anys } = measureSource("a.ts", 'const any = "any";\nlet x: any;\nlet y: Record<string, any[]>;\n');

    expect(spots(anys)).toEqual(["2: any", "3: any"]);
  });

  test("finds non-null assertions and definite fields, but no negations", () => {
    const { nonNulls } = measureSource("a.ts", "const a = b!.c;\nclass D {\n  e!: string;\n}\nconst f = !g;\n");

    expect(spots(nonNulls)).toEqual(["1: b!", "3: e!: string;"]);
  });

  test("finds assertions, but not as const, satisfies and renamed imports", () => {
    const text = `
import * as ns from "a";
import { b as c } from "b";
const d = [1] as const;
const e = [2] as const satisfies readonly number[];
const f = c as string;
const g = <number>d;
`;

    expect(spots(measureSource("a.ts", text).assertions)).toEqual(["6: c as string", "7: <number>d"]);
  });

  test("finds assertions that go through unknown", () => {
    const { doubleAssertions } = measureSource("a.ts", "a as unknown as B;\n(a as unknown) as B;\na as unknown;\n");

    expect(spots(doubleAssertions)).toEqual(["1: a as unknown as B", "2: (a as unknown) as B"]);
  });

  test.each(["ts-ignore", "ts-nocheck", "ts-expect-error"])("finds comments that silence the compiler: %s", (word) => {
    const text = `// @${word}\nconst a = 1;\n/* @${word} */\nconst b = "@${word}"; // @${word} because\nconst c = "@${word}";\n`;

    expect(measureSource("a.ts", text).silencers.map(({ line }) => line)).toEqual([1, 3, 4]);
  });

  test("finds reads of the time and timers, but not a clock's own methods", () => {
    const text = `
Date.now();
setTimeout(run, 1);
globalThis.setInterval(run, 1);
performance.now();
new Date();
new Date(0);
clock.setTimeout(run, 1);
clock.now();
type Timer = ReturnType<typeof setTimeout>;
interface Clock { setTimeout(run: () => void): void }
`;

    expect(spots(measureSource("a.ts", text).times)).toEqual([
      "2: Date.now",
      "3: setTimeout",
      "4: setInterval",
      "5: performance.now",
      "6: new Date()",
    ]);
  });

  test("finds every kind of import of node: modules", () => {
    const text = `
import { a } from "node:fs";
export { b } from "node:path";
const c = await import("node:net");
let d: import("node:http").Server;
const e = "node:os";
import { f } from "ws";
`;

    expect(measureSource("a.ts", text).nodeImports.map(({ line }) => line)).toEqual([2, 3, 4, 5]);
  });

  test("finds the global process, but not members and fields of that name", () => {
    const text =
      "process.env;\nglobalThis.process;\nthis.process;\nconst a = { process: 1 };\nconst b = { process };\n";

    expect(measureSource("a.ts", text).processes.map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  test("takes a parameter or variable of that name for what it is", () => {
    const text = `
const run = (process: Task) => process.start();
function find() {
  const process = first();
  return process.id;
}
process.exit();
`;

    expect(measureSource("a.ts", text).processes.map(({ line }) => line)).toEqual([7]);
  });
});
