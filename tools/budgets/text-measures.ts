import type { RepositoryFile } from "./files.ts";
import { type Measure, noneMeasure } from "./measure.ts";

// After a letter, digit, dot or another path segment it is part of a URL or of a
// relative path, not an absolute one.
const MACHINE_PATH = /(?<![\w.~)}\]-])\/(?:work|root|home|Users)\/[\w.-]/;
const REGISTRY_HOST = /\bregistry\.[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|cn|io|dev)\b|\bnpm\.pkg\.[a-z]/i;

/** Finds what ties the repository to one machine: absolute paths and hosts of package registries. */
export function textMeasures(files: readonly RepositoryFile[]): readonly Measure[] {
  return [
    noneMeasure(
      "machine paths",
      files.flatMap((file) => linesMatching(file, MACHINE_PATH)),
    ),
    noneMeasure(
      "registry hosts",
      files.flatMap((file) => linesMatching(file, REGISTRY_HOST)),
    ),
  ];
}

function linesMatching({ path, text }: RepositoryFile, pattern: RegExp): readonly string[] {
  return text.split("\n").flatMap((line, index) => {
    const found = pattern.exec(line)?.[0];
    return found === undefined ? [] : [`${path}:${index + 1}: ${found}`];
  });
}
