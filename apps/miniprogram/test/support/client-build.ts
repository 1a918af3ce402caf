import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Builds what `@hutong/client` gives to mini-programs, which WeChat's tool copies and the runner looks for. */
export async function buildClient(): Promise<void> {
  const cwd = fileURLToPath(new URL("../../../../packages/client", import.meta.url));
  await promisify(execFile)(process.execPath, ["--conditions=source", "--import", "tsx", "build-miniprogram.ts"], {
    cwd,
  });
}
