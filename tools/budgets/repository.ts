import type { RepositoryFile } from "./files.ts";
import type { Measure } from "./measure.ts";
import { syntaxMeasures } from "./syntax-measures.ts";
import { textMeasures } from "./text-measures.ts";
import { workspaceMeasures } from "./workspace-measures.ts";

/** Holds the files of a repository to every budget. */
export function measureRepository(files: readonly RepositoryFile[]): readonly Measure[] {
  return [...syntaxMeasures(files), ...workspaceMeasures(files), ...textMeasures(files)];
}

/** The measures as a table with aligned columns, and below it every violation. */
export function formatMeasures(measures: readonly Measure[]): string {
  const cells = measures.map(({ name, figure, limit, violations }) => [
    violations.length === 0 ? "ok" : "FAIL",
    name,
    limit,
    figure,
  ]);
  const rows = [["", "measure", "limit", "figure"], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  const broken = measures.filter(({ violations }) => violations.length > 0);
  const details = broken.flatMap(({ name, violations }) => ["", `${name}:`, ...violations.map((text) => `  ${text}`)]);
  return [...lines.map((line) => line.trimEnd()), ...details].join("\n");
}
