import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The programs of `native/`, compiled. */
export interface NativePrograms {
  /** Path of the load generator. */
  readonly wsload: string;
  /** Path of the C yardstick. */
  readonly limit: string;
}

/** Whether the load generator can be built and run here: it needs a C compiler, and Linux for epoll and /proc. */
export function canCompile(): boolean {
  try {
    execFileSync("cc", ["--version"], { stdio: "ignore" });
    return process.platform === "linux";
  } catch {
    return false; // there is no such program
  }
}

/**
 * Compiles the C programs into a folder for temporary files.
 *
 * @throws when there is no compiler, or the sources do not compile.
 */
export function compileNativePrograms(): NativePrograms {
  if (!canCompile()) {
    throw new Error("the load benches need Linux and a C compiler named cc (Debian, Ubuntu: apt-get install gcc libc6-dev)");
  }
  const folder = join(tmpdir(), `hutong-bench-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return { wsload: compile("wsload", folder), limit: compile("limit", folder) };
}

function compile(name: string, folder: string): string {
  const source = fileURLToPath(new URL(`native/${name}.c`, import.meta.url));
  const program = join(folder, name);
  execFileSync("cc", ["-O2", "-o", program, source], { stdio: ["ignore", "inherit", "inherit"] });
  return program;
}
