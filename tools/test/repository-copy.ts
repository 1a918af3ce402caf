import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

/** The repository that this test belongs to. */
export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

const CONFIGURATION = [
  "package.json",
  "tsconfig.base.json",
  "tsconfig.check.json",
  "tsconfig.json",
  ".dependency-cruiser.cjs",
  ".oxlintrc.json",
];

/**
 * Copies the sources and manifests of every package, with the configuration of
 * the tools, into a folder where a test may plant what it likes. The packages
 * find each other as in the repository: by name, through node_modules.
 */
export function copyRepository(): TemporaryFolder {
  const folder = createTemporaryFolder();
  for (const file of CONFIGURATION) copyIfThere(folder, file);
  mkdirSync(join(folder.path, "node_modules/@hutong"), { recursive: true });
  for (const name of readdirSync(join(REPOSITORY, "packages"))) {
    copyIfThere(folder, `packages/${name}/package.json`);
    copyIfThere(folder, `packages/${name}/src`);
    symlinkSync(join(folder.path, "packages", name), join(folder.path, "node_modules/@hutong", name));
  }
  for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (name !== "@hutong")
      symlinkSync(join(REPOSITORY, "node_modules", name), join(folder.path, "node_modules", name));
  }
  return folder;
}

function copyIfThere(folder: TemporaryFolder, path: string): void {
  const source = join(REPOSITORY, path);
  if (existsSync(source)) cpSync(source, join(folder.path, path), { recursive: true });
}
