import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of the repository, as text. */
export interface RepositoryFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  /** The whole content. */
  readonly text: string;
}

// What .gitignore keeps out. A list of our own, because the check also runs on
// trees that git does not know.
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([".git", "node_modules", "dist", "coverage", "data"]);
const BINARY = /\.(png|jpe?g|gif|ico|webp|woff2?|gz|br|zip|sqlite|tsbuildinfo)$/;

/** Reads every text file below a folder, in the order of their paths, without what builds and installs leave. */
export function readRepository(root: string): readonly RepositoryFile[] {
  return listPaths(root, "").map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
}

function listPaths(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : listPaths(root, path);
    return entry.isFile() && !BINARY.test(entry.name) ? [path] : [];
  });
  return paths.sort();
}
