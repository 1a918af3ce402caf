import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of the machine that is gone after the test. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder with these files. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<TestFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "miniprogram-")));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
