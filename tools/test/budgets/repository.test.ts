import { describe, expect, test } from "vitest";

import { measureRepository } from "../../budgets/repository.ts";

// Put together here, because this file is searched too.
const machinePath = ["", "root", "b"].join("/");
const silencer = (word: string): string => `@ts-${word}`;

const GOOD_PACKAGE: Readonly<Record<string, string>> = {
  "packages/client/package.json": '{ "dependencies": { "@hutong/protocol": "0.1.0" } }',
  "packages/client/src/a.ts": "/** One. */\nexport const a = 1;\n",
  "packages/client/src/clock.ts": "/** Now. */\nexport const now = () => Date.now();\n",
  "packages/client/test/a.test.ts": "1;\n".repeat(20),
};

/** Measure → violations, of the good package and the given files. */
function violationsWith(files: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const all = Object.entries({ ...GOOD_PACKAGE, ...files }).map(([path, text]) => ({ path, text }));
  const broken = measureRepository(all).filter(({ violations }) => violations.length > 0);
  return new Map(broken.map(({ name, violations }) => [name, violations]));
}

describe("measureRepository", () => {
  test("finds nothing wrong with a good package", () => {
    expect(violationsWith({})).toEqual(new Map());
  });

  test.each([
    [
      "lines per source file",
      "packages/client/src/long.ts",
      "1;\n".repeat(501),
      "packages/client/src/long.ts: 501, at most 500",
    ],
    [
      "lines per function",
      "apps/web/src/b.ts",
      `const b = () => {\n${"1;\n".repeat(80)}};\n`,
      "apps/web/src/b.ts:1: 82, at most 80",
    ],
    ["parameters", "tools/b.ts", "const b = (a, b, c, d, e) => 1;\n", "tools/b.ts:1: 5, at most 4"],
    ["any", "interop/fixture/b.ts", "let b: any;\n", "interop/fixture/b.ts:1: any"],
    ["non-null !", "packages/client/src/b.ts", "a!;\n", "packages/client/src/b.ts:1: a!"],
    [
      "as unknown as",
      "packages/client/src/b.ts",
      "a as unknown as B;\n",
      "packages/client/src/b.ts:1: a as unknown as B",
    ],
    [
      "silenced compiler",
      "packages/client/test/b.test.ts",
      `// ${silencer("ignore")}\n`,
      `packages/client/test/b.test.ts:1: // ${silencer("ignore")}`,
    ],
    ["as per 1,000 lines", "packages/client/src/b.ts", "a as B;\n".repeat(7), "packages/client: 7.0, at most 6"],
    [
      "undocumented exports",
      "packages/client/src/b.ts",
      "export const b = 1;\n",
      "packages/client/src/b.ts:1: export const b = 1;",
    ],
    ["time outside clock.ts", "packages/client/src/b.ts", "Date.now();\n", "packages/client/src/b.ts:1: Date.now"],
    [
      "misplaced node: imports",
      "packages/client/src/b.ts",
      'import "node:fs";\n',
      'packages/client/src/b.ts:1: "node:fs"',
    ],
    ["misplaced process", "apps/chat/src/b.ts", "process.env;\n", "apps/chat/src/b.ts:1: process"],
    ["test ÷ source lines", "packages/server/src/b.ts", "1;\n", "packages/server: 0.00, at least 1.2"],
    [
      "unlisted dependencies",
      "packages/server/package.json",
      '{ "dependencies": { "b": "1" } }',
      "packages/server/package.json: b",
    ],
    ["machine paths", "docs/b.md", `see ${machinePath}\n`, `docs/b.md:1: ${machinePath}`],
  ])("names the place: %s", (measure, path, text, violation) => {
    expect(violationsWith({ [path]: text }).get(measure)).toContain(violation);
  });

  test("leaves alone the places where Node, time and a silenced compiler belong", () => {
    const violations = violationsWith({
      "packages/server/src/node/a.ts": 'import "node:http";\n',
      "packages/server/test/a.test.ts": "1;\n".repeat(20),
      "packages/server/test/types/a.test-d.ts": `// ${silencer("expect-error")} wrong on purpose\n`,
      "apps/chat/src/main.ts": "process.env;\n",
      "bench/load/run.ts": "performance.now();\n",
    });

    expect(violations).toEqual(new Map());
  });
});
