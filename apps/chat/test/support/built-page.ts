import { startProcess } from "../../../../tools/processes.ts";
import { ROOT } from "./chat-process.ts";

/** Builds the real page into a folder. */
export async function buildPage(folder: string): Promise<void> {
  const options = ["--", "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"];
  const { code, output } = await startProcess("npm", ["run", "--silent", "build", "-w", "apps/web", ...options], {
    cwd: ROOT,
  }).exited;
  if (code !== 0) throw new Error(`the page was not built:\n${output}`);
}
