import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readVectorFile } from "./read-vectors.ts";

interface Clause {
  readonly sentence: string;
  readonly scope: string;
}

const CLAUSE_ID = /\b(?:PHX|CABLE)-\d+\b/g;

const clauses = new Map(Object.entries(readVectorFile("clauses.json") as Readonly<Record<string, Clause>>));

function idsIn(text: string): readonly string[] {
  return text.match(CLAUSE_ID) ?? [];
}

function citedIn(folder: string, isWanted: (path: string) => boolean): ReadonlySet<string> {
  const root = new URL(folder, import.meta.url);
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(isWanted);
  return new Set(paths.flatMap((path) => idsIn(readFileSync(new URL(path, root), "utf8"))));
}

function clausesOf(isWanted: (scope: string) => boolean): readonly string[] {
  return [...clauses].filter(([, { scope }]) => isWanted(scope)).map(([id]) => id);
}

describe("clauses.json", () => {
  test("numbers the clauses of each grammar without a gap", () => {
    const phoenixCount = [...clauses.keys()].filter((id) => id.startsWith("PHX-")).length;
    const cableCount = clauses.size - phoenixCount;

    expect([...clauses.keys()]).toEqual([
      ...Array.from({ length: phoenixCount }, (_, index) => `PHX-${index + 1}`),
      ...Array.from({ length: cableCount }, (_, index) => `CABLE-${index + 1}`),
    ]);
  });

  test("holds one sentence and a known scope for each clause", () => {
    const scopes = new Set(["frames", "handshake", "farewell", "topics", "server"]);

    const wrong = [...clauses].filter(
      ([, { sentence, scope }]) => !/^[A-Za-z].*\.$/.test(sentence) || !scopes.has(scope),
    );

    expect(wrong).toEqual([]);
  });

  test("every clause about frames, handshakes and farewells has a vector", () => {
    const proven = citedIn("vectors/", (path) => path !== "clauses.json");

    const missing = clausesOf((scope) => scope !== "server" && scope !== "topics").filter((id) => !proven.has(id));

    expect(missing).toEqual([]);
  });

  test("every clause about topics is cited by a test", () => {
    const proven = citedIn("./", (path) => path.endsWith(".test.ts"));

    expect(clausesOf((scope) => scope === "topics").filter((id) => !proven.has(id))).toEqual([]);
  });

  test("no vector claims a clause about the server's behaviour", () => {
    const proven = citedIn("vectors/", (path) => path !== "clauses.json");

    expect(clausesOf((scope) => scope === "server").filter((id) => proven.has(id))).toEqual([]);
  });

  test("every cited clause exists", () => {
    const cited = [
      ...citedIn("./", (path) => path.endsWith(".ts") || path.endsWith(".json")),
      ...citedIn("../src/", (path) => path.endsWith(".ts")),
    ];

    expect(cited.length).toBeGreaterThan(50);
    expect(cited.filter((id) => !clauses.has(id))).toEqual([]);
  });
});
