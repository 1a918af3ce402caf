import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folders of the packages that are published, as paths. */
export function packageFolders(): readonly string[] {
  const folder = fileURLToPath(new URL("../packages", import.meta.url));
  return readdirSync(folder)
    .map((name) => `${folder}/${name}`)
    .filter((path) => existsSync(`${path}/package.json`));
}
