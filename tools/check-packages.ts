import { execFileSync } from "node:child_process";
import { basename } from "node:path";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { packageFolders } from "./package-folders.ts";

// Packages are used from source here and from `dist` elsewhere. This looks at what
// elsewhere would get; the build has run before.

/** What a package is to bring besides its code. */
const EXPECTED_FILES = ["LICENSE", "README.md"];

const problems: string[] = [];
for (const folder of packageFolders()) {
  const name = basename(folder);
  const { messages, pkg } = await publint({ pkgDir: folder, strict: true });
  for (const message of messages)
    problems.push(`${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
  const packed = packedFiles(folder);
  for (const file of EXPECTED_FILES) if (!packed.includes(file)) problems.push(`${name}: its tarball has no ${file}`);
}
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** What npm would publish, as paths below the package. */
function packedFiles(folder: string): readonly string[] {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  // npm's own answer: a list with one entry.
  const [tarball] = JSON.parse(output) as readonly { readonly files: readonly { readonly path: string }[] }[];
  return tarball?.files.map(({ path }) => path) ?? [];
}
