import type { RepositoryFile } from "./files.ts";
import { type Measure, noneMeasure } from "./measure.ts";
import { isSource, isTest, isTestTable, workspaceOf } from "./places.ts";

const MIN_TEST_RATIO = 1.2;

/** The runner is tested from outside too: by projects that run in a browser. */
const OTHER_MIN_TEST_RATIOS: ReadonlyMap<string, number> = new Map([["packages/miniprogram", 0.35]]);

// Test support is tested by the suites that use it, and a table of schemas by the routes, channels and pages made from it.
const WITHOUT_TEST_RATIO: ReadonlySet<string> = new Set(["packages/testing", "packages/chat-api"]);

/** Package → everything that may stand in its dependencies, optional and peer ones included. */
const ALLOWED_DEPENDENCIES: ReadonlyMap<string, readonly string[]> = new Map([
  ["packages/protocol", []],
  ["packages/client", ["@hutong/protocol"]],
  ["packages/chat-client", ["@hutong/chat-api", "@hutong/client", "@preact/signals-core"]],
  ["packages/server", ["@hutong/protocol", "ws"]],
]);
const DEPENDENCY_FIELDS = ["dependencies", "optionalDependencies", "peerDependencies"];

/** Holds each package to its budget of tests and of runtime dependencies. */
export function workspaceMeasures(files: readonly RepositoryFile[]): readonly Measure[] {
  return [testRatioMeasure(files), noneMeasure("unlisted dependencies", files.flatMap(unlistedDependencies))];
}

function testRatioMeasure(files: readonly RepositoryFile[]): Measure {
  const packages = files.map(({ path }) => workspaceOf(path)).filter((workspace) => workspace.startsWith("packages/"));
  const ratios = [...new Set(packages)]
    .filter((workspace) => !WITHOUT_TEST_RATIO.has(workspace))
    .map((workspace) => ({ workspace, ratio: testRatio(files.filter(({ path }) => workspaceOf(path) === workspace)) }));
  return {
    name: "test ÷ source lines",
    figure: ratios
      .map(({ workspace, ratio }) => `${workspace.replace("packages/", "")} ${ratio.toFixed(1)}`)
      .join(", "),
    limit: `least ${MIN_TEST_RATIO}`,
    violations: ratios
      .map((entry) => ({ ...entry, least: OTHER_MIN_TEST_RATIOS.get(entry.workspace) ?? MIN_TEST_RATIO }))
      .filter(({ ratio, least }) => ratio < least)
      .map(({ workspace, ratio, least }) => `${workspace}: ${ratio.toFixed(2)}, at least ${least}`),
  };
}

/** A package without sources has nothing to test. */
function testRatio(files: readonly RepositoryFile[]): number {
  const sourceLines = countLines(files.filter(({ path }) => isSource(path)));
  const testLines = countLines(files.filter(({ path }) => isTest(path) || isTestTable(path)));
  return sourceLines === 0 ? Number.POSITIVE_INFINITY : testLines / sourceLines;
}

function countLines(files: readonly RepositoryFile[]): number {
  return files.reduce((total, { text }) => total + text.split("\n").length - 1, 0);
}

function unlistedDependencies({ path, text }: RepositoryFile): readonly string[] {
  const allowed = path.endsWith("/package.json") ? ALLOWED_DEPENDENCIES.get(workspaceOf(path)) : undefined;
  if (allowed === undefined) return [];
  const manifest: unknown = JSON.parse(text);
  return DEPENDENCY_FIELDS.flatMap((field) => keysIn(manifest, field))
    .filter((name) => !allowed.includes(name))
    .map((name) => `${path}: ${name}`);
}

function keysIn(manifest: unknown, field: string): readonly string[] {
  if (typeof manifest !== "object" || manifest === null) return [];
  const value: unknown = Reflect.get(manifest, field);
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
