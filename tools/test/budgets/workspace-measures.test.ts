import { describe, expect, test } from "vitest";

import { workspaceMeasures } from "../../budgets/workspace-measures.ts";

const violations = (name: string, files: Readonly<Record<string, string>>) =>
  workspaceMeasures(Object.entries(files).map(([path, text]) => ({ path, text }))).find(
    (measure) => measure.name === name,
  )?.violations;

describe("test ÷ source lines", () => {
  const source = { "packages/client/src/a.ts": "1;\n".repeat(10) };

  test("keeps silent at twelve tenths", () => {
    expect(
      violations("test ÷ source lines", { ...source, "packages/client/test/a.test.ts": "1;\n".repeat(12) }),
    ).toEqual([]);
  });

  test("names a package with fewer", () => {
    expect(
      violations("test ÷ source lines", { ...source, "packages/client/test/a.test.ts": "1;\n".repeat(11) }),
    ).toEqual(["packages/client: 1.10, at least 1.2"]);
  });

  test("asks nothing of programs and of the package that is test support", () => {
    const files = { "apps/chat/src/a.ts": "1;\n", "packages/testing/src/a.ts": "1;\n" };

    expect(violations("test ÷ source lines", files)).toEqual([]);
  });
});

describe("unlisted dependencies", () => {
  test("allows the listed ones, and anything for development", () => {
    const files = {
      "packages/server/package.json":
        '{"dependencies":{"@hutong/protocol":"1","ws":"8"},"devDependencies":{"zod":"4"}}',
      "packages/testing/package.json": '{"dependencies":{"anything":"1"}}',
    };

    expect(violations("unlisted dependencies", files)).toEqual([]);
  });

  test("names any other, optional and peer ones included", () => {
    const files = {
      "packages/protocol/package.json": '{"dependencies":{"@hutong/server":"1"}}',
      "packages/client/package.json": '{"optionalDependencies":{"a":"1"},"peerDependencies":{"b":"1"}}',
    };

    expect(violations("unlisted dependencies", files)).toEqual([
      "packages/protocol/package.json: @hutong/server",
      "packages/client/package.json: a",
      "packages/client/package.json: b",
    ]);
  });
});
