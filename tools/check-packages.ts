import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

// Packages are used from source here and from `dist` elsewhere. This looks at what
// elsewhere would get; the build has run before.

const folder = fileURLToPath(new URL("../packages", import.meta.url));
const names = readdirSync(folder).filter((name) => existsSync(`${folder}/${name}/package.json`));
const problems: string[] = [];
for (const name of names) {
  const { messages, pkg } = await publint({ pkgDir: `${folder}/${name}`, strict: true });
  for (const message of messages)
    problems.push(`${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
