import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Builds what the packages of the mini-program give to it, which WeChat's tool copies and the runner looks for. */
export async function buildClient(): Promise<void> {
  const build = ["--conditions=source", "--import", "tsx", "build-miniprogram.ts"];
  for (const name of ["client", "chat-client"]) {
    const cwd = fileURLToPath(new URL(`../../../../packages/${name}`, import.meta.url));
    await promisify(execFile)(process.execPath, build, { cwd });
  }
}
