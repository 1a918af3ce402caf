import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { packageFolders } from "./package-folders.ts";

// npm packs the LICENSE that lies in a package's own folder, so the build puts the repository's there. Git ignores the copies.

const license = fileURLToPath(new URL("../LICENSE", import.meta.url));
for (const folder of packageFolders()) copyFileSync(license, `${folder}/LICENSE`);
