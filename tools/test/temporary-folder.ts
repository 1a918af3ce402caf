import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that vanishes with its owner. */
export interface TemporaryFolder extends Disposable {
  /** Absolute. */
  readonly path: string;
  /** Writes a file, and the folders that lead to it. */
  write(path: string, text: string): void;
}

/** Creates an empty folder outside the repository. */
export function createTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), "hutong-tools-"));
  return {
    path,
    write(file, text) {
      const target = join(path, file);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    },
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
