import { readdir, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { NOT_APPLICABLE, PORTED_SUITES } from "./not-applicable.ts";

const ID = /\b(ws|wss|lp|lps|anyt|any)-(\d+)\b/g;

/** The ids that the titles of tests cite. */
async function citedIds(): Promise<ReadonlySet<string>> {
  const cited = new Set<string>();
  for (const name of await readdir(import.meta.dirname)) {
    if (!name.endsWith(".test.ts") || name.startsWith("not-applicable")) continue;
    const source = await readFile(new URL(name, import.meta.url), "utf8");
    const titles = source.split("\n").filter((line) => !line.trimStart().startsWith("//"));
    for (const [id] of titles.join("\n").matchAll(ID)) cited.add(id);
  }
  return cited;
}

const allIds = Object.entries(PORTED_SUITES).flatMap(([prefix, count]) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`),
);

describe("ported suites", () => {
  test("what is not applicable names existing cases, each once", () => {
    const ids = NOT_APPLICABLE.map(({ id }) => id);

    expect(ids.filter((id) => !allIds.includes(id))).toStrictEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("every case is either cited by a test or not applicable, and never both", async () => {
    const cited = await citedIds();
    const excused = new Set(NOT_APPLICABLE.map(({ id }) => id));

    expect(allIds.filter((id) => cited.has(id) === excused.has(id))).toStrictEqual([]);
    expect([...cited].filter((id) => !allIds.includes(id))).toStrictEqual([]);
  });
});
