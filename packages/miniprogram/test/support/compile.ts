import { expect } from "vitest";
import { ProjectCompiler, type CompiledProject, formatDiagnostic, memoryFiles } from "../../src/index.ts";

/** Compiles files that must be without an error. */
export async function compileFiles(files: Readonly<Record<string, string>>): Promise<CompiledProject> {
  const { project, diagnostics } = await new ProjectCompiler().compile(memoryFiles(files));
  expect(diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic)).toEqual([]);
  if (project === undefined) throw new Error("there is no project");
  return project;
}

/** A mini-program with one page, made of the given files of that page. */
export function onePage(page: {
  readonly wxml: string;
  readonly js?: string;
  readonly json?: string;
}): Readonly<Record<string, string>> {
  return {
    "app.json": '{"pages":["pages/index/index"]}',
    "app.js": "App({ globalData: { from: 'app' } })",
    "pages/index/index.wxml": page.wxml,
    "pages/index/index.js": page.js ?? "Page({})",
    "pages/index/index.json": page.json ?? "{}",
  };
}
