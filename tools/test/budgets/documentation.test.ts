import { describe, expect, test } from "vitest";

import { measureSource } from "../../budgets/syntax.ts";

const undocumented = (text: string) =>
  measureSource("a.ts", text).undocumented.map(({ line, text: spot }) => `${line}: ${spot}`);

describe("documentationGaps", () => {
  test("finds exports of every kind without a doc comment", () => {
    const text = `export const a = 1;
export function b() {}
export class C {}
export type D = string;
export interface E {}
const f = 1;
`;

    expect(undocumented(text)).toEqual([
      "1: export const a = 1;",
      "2: export function b() {}",
      "3: export class C {}",
      "4: export type D = string;",
      "5: export interface E {}",
    ]);
  });

  test("takes a doc comment and no other, and no empty one", () => {
    expect(undocumented("/** One. */\nexport const a = 1;\n")).toEqual([]);
    expect(undocumented("// One.\nexport const a = 1;\n")).toEqual(["2: export const a = 1;"]);
    expect(undocumented("/** */\nexport const a = 1;\n")).toEqual(["2: export const a = 1;"]);
  });

  test("finds what is exported by a list", () => {
    expect(undocumented("const a = 1;\nconst b = 2;\nexport { a as c };\n")).toEqual(["1: const a = 1;"]);
  });

  test("asks nothing of exports that are passed on from another file", () => {
    expect(undocumented('export { a } from "./a.ts";\nimport { b } from "./b.ts";\nexport { b };\n')).toEqual([]);
  });

  test("finds members of exported interfaces, except the tag of a union", () => {
    const text = `/** Said. */
export interface A {
  readonly kind: "a";
  readonly b: string;
  c(): void;
  /** Said. */
  readonly d: string;
}
interface E {
  readonly f: string;
}
`;

    expect(undocumented(text)).toEqual(["4: readonly b: string;", "5: c(): void;"]);
  });

  test("finds a kind that is no tag", () => {
    expect(undocumented("/** Said. */\nexport interface A {\n  readonly kind: string;\n}\n")).toEqual([
      "3: readonly kind: string;",
    ]);
  });

  test("lets one signature speak for its overloads", () => {
    const text = "/** Said. */\nexport function a(b: string): string;\nexport function a(b: number): number;\n";

    expect(undocumented(text)).toEqual([]);
  });
});
