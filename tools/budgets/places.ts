/**
 * Which rules hold where. A path decides everything, so that a figure can be
 * explained by looking at the folder.
 */

const TYPESCRIPT = /\.tsx?$/;
const TEST = /(^|\/)test\//;
const PACKAGE_SOURCE = /^packages\/[^/]+\/src\//;
const PORTABLE_SOURCE = /^(packages|apps)\/[^/]+\/src\//;

// Programs read the environment and end with an exit code; nothing else does.
const PROGRAM_FILE =
  /^(apps\/chat\/src\/(main\.ts|cli\/)|packages\/miniprogram\/src\/cli\.ts|packages\/database\/src\/(sqlite-module|testing)\.ts)/;
const NODE_PLACES =
  /^(packages\/server\/src\/node|packages\/(testing|database)|packages\/miniprogram\/src\/(host|cli\.ts)|apps\/chat)(\/|$)/;

/** Whether a path is TypeScript that ships or runs: everything but tests and configuration. */
export function isSource(path: string): boolean {
  return TYPESCRIPT.test(path) && path.includes("/") && !TEST.test(path) && !path.endsWith(".config.ts");
}

/** Whether a path is TypeScript of a test folder. */
export function isTest(path: string): boolean {
  return TYPESCRIPT.test(path) && TEST.test(path);
}

/** Whether a path is a table of golden frames: each row is a test. */
export function isTestTable(path: string): boolean {
  return path.endsWith(".json") && path.includes("/test/vectors/");
}

/** Whether a path is a test of types, where a wrong use is written on purpose. */
export function isTypeTest(path: string): boolean {
  return path.endsWith(".test-d.ts");
}

/** Whether every export of the file needs a doc comment. */
export function needsDocumentation(path: string): boolean {
  return PACKAGE_SOURCE.test(path);
}

/** Whether the file may read the time or start a timer. What tests wait with bounds real time. */
export function mayUseTime(path: string): boolean {
  return !PORTABLE_SOURCE.test(path) || path.startsWith("packages/testing/") || path.endsWith("/clock.ts");
}

/** Whether the file may import `node:` modules. */
export function mayImportNode(path: string): boolean {
  return !PORTABLE_SOURCE.test(path) || NODE_PLACES.test(path);
}

/** Whether the file may name the global `process`. */
export function mayUseProcess(path: string): boolean {
  return !PORTABLE_SOURCE.test(path) || PROGRAM_FILE.test(path);
}

/** The workspace of a path, `packages/server` or `interop`; the first folder for the rest. */
export function workspaceOf(path: string): string {
  return /^(packages|apps|examples)\/[^/]+/.exec(path)?.[0] ?? path.split("/", 1).join("");
}
