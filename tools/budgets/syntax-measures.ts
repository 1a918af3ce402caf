import type { RepositoryFile } from "./files.ts";
import { type Measure, noneMeasure, type Sample, sizeMeasure } from "./measure.ts";
import {
  isSource,
  isTest,
  isTypeTest,
  mayImportNode,
  mayUseProcess,
  mayUseTime,
  needsDocumentation,
  workspaceOf,
} from "./places.ts";
import { measureSource, type SourceFigures, type Spot } from "./syntax.ts";

interface MeasuredFile extends SourceFigures {
  readonly path: string;
}

const MAX_ASSERTIONS_PER_1000_LINES = 6;

/** Holds the TypeScript files of a repository to the budgets that its syntax trees show. */
export function syntaxMeasures(files: readonly RepositoryFile[]): readonly Measure[] {
  const sources = files.filter(({ path }) => isSource(path)).map(measureFile);
  const tests = files.filter(({ path }) => isTest(path) && !isTypeTest(path)).map(measureFile);
  return [
    ...sizeMeasures(sources),
    none("any", sources, (file) => file.anys),
    none("non-null !", sources, (file) => file.nonNulls),
    none("as unknown as", sources, (file) => file.doubleAssertions),
    none("silenced compiler", [...sources, ...tests], (file) => file.silencers),
    assertionMeasure(sources),
    none(
      "undocumented exports",
      sources.filter(({ path }) => needsDocumentation(path)),
      (file) => file.undocumented,
    ),
    none(
      "time outside clock.ts",
      sources.filter(({ path }) => !mayUseTime(path)),
      (file) => file.times,
    ),
    none(
      "misplaced node: imports",
      sources.filter(({ path }) => !mayImportNode(path)),
      (file) => file.nodeImports,
    ),
    none(
      "misplaced process",
      sources.filter(({ path }) => !mayUseProcess(path)),
      (file) => file.processes,
    ),
  ];
}

function measureFile({ path, text }: RepositoryFile): MeasuredFile {
  return { path, ...measureSource(path, text) };
}

function sizeMeasures(sources: readonly MeasuredFile[]): readonly Measure[] {
  const files: readonly Sample[] = sources.map(({ path, lines }) => ({ place: path, size: lines }));
  const functions = sources.flatMap((file) =>
    file.functions.map((found) => ({ ...found, place: `${file.path}:${found.line}` })),
  );
  const bodies = functions.filter(({ lines }) => lines > 0);
  const toSample = (place: string, size: number): Sample => ({ place, size });
  return [
    sizeMeasure("lines per source file", { share: 0.9, target: 300, hard: 500 }, files),
    sizeMeasure(
      "lines per function",
      { share: 0.95, target: 36, hard: 80 },
      bodies.map(({ place, lines }) => toSample(place, lines)),
    ),
    sizeMeasure(
      "parameters",
      { share: 0.95, target: 3, hard: 4 },
      functions.map(({ place, parameters }) => toSample(place, parameters)),
    ),
  ];
}

function none(name: string, files: readonly MeasuredFile[], spotsOf: (file: MeasuredFile) => readonly Spot[]): Measure {
  const places = files.flatMap((file) => spotsOf(file).map(({ line, text }) => `${file.path}:${line}: ${text}`));
  return noneMeasure(name, places);
}

/** A workspace of fewer than 1,000 lines may have as many as one of 1,000. */
function assertionMeasure(sources: readonly MeasuredFile[]): Measure {
  const workspaces = new Set(sources.map(({ path }) => workspaceOf(path)));
  const densities = [...workspaces].map((workspace): Sample => {
    const files = sources.filter(({ path }) => workspaceOf(path) === workspace);
    const assertions = files.reduce((total, file) => total + file.assertions.length, 0);
    const lines = files.reduce((total, file) => total + file.lines, 0);
    return { place: workspace, size: (1000 * assertions) / Math.max(1000, lines) };
  });
  const most = densities.reduce((left, right) => (right.size > left.size ? right : left), { place: "-", size: 0 });
  return {
    name: "as per 1,000 lines",
    figure: `most ${most.size.toFixed(1)} (${most.place})`,
    limit: String(MAX_ASSERTIONS_PER_1000_LINES),
    violations: densities
      .filter(({ size }) => size > MAX_ASSERTIONS_PER_1000_LINES)
      .map(({ place, size }) => `${place}: ${size.toFixed(1)}, at most ${MAX_ASSERTIONS_PER_1000_LINES}`),
  };
}
