import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder that everything is relative to. */
export const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));

/** Reads a file, by its path from the repository's folder. */
export function readText(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}

/** Every page that people read: the documentation, and the READMEs of the packages. */
export function pages(): readonly string[] {
  return [
    ...filesIn(".", false).filter((path) => path.endsWith(".md")),
    ...filesIn("docs", true).filter((path) => path.endsWith(".md") && !path.includes("/.")),
    ...filesIn("packages", false)
      .map((folder) => `${folder}/README.md`)
      .filter((path) => existsSync(`${REPOSITORY}/${path}`)),
  ].toSorted();
}

function filesIn(folder: string, recursive: boolean): readonly string[] {
  const names = readdirSync(`${REPOSITORY}/${folder}`, { recursive, encoding: "utf8" });
  return names.map((name) => (folder === "." ? name : `${folder}/${name}`));
}
