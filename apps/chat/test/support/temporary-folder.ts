import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that goes with its owner. */
export interface TemporaryFolder extends AsyncDisposable {
  /** Absolute. */
  readonly path: string;
  /** The path of something in the folder, whether it is there or not. */
  at(name: string): string;
}

/** Makes an empty folder outside the repository. */
export async function createTemporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), "hutong-chat-"));
  return {
    path,
    at: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/** The outcome of a start that uses the folder; when it fails, nobody is left to remove the folder. */
export async function orRemove<T>(folder: TemporaryFolder, start: Promise<T>): Promise<T> {
  try {
    return await start;
  } catch (error) {
    await folder[Symbol.asyncDispose]();
    throw error;
  }
}
