import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

// Servers are measured as they are published: compiled by TypeScript, without a loader. (A loader that keeps
// the names of functions costs a call per closure, which is a tenth of a reply.) Nothing is type-checked here.

/** The programs that a run starts, by path. */
export interface Programs {
  /** The load generator. */
  readonly wsload: string;
  /** The C yardstick. */
  readonly limit: string;
  /** Folder of the servers, which are named as in this folder, but end in `.js`. */
  readonly servers: string;
}

const BENCH = fileURLToPath(new URL("..", import.meta.url));
const PACKAGES = fileURLToPath(new URL("../../packages/", import.meta.url));
/** Compiled packages, in the order of their imports. */
const MEASURED_PACKAGES = ["protocol", "server"];
const SERVERS = ["plain-ws-server", "room-server", "serve-bench", "socket-io-server"];

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
 * Compiles everything into `bench/dist`.
 *
 * @throws when there is no C compiler, or the sources do not compile.
 */
export function compilePrograms(): Programs {
  if (!canCompile()) {
    throw new Error(
      "the load benches need Linux and a C compiler named cc (Debian, Ubuntu: apt-get install gcc libc6-dev)",
    );
  }
  const servers = join(BENCH, "dist");
  for (const name of MEASURED_PACKAGES) compilePackage(name, join(servers, "node_modules", "@hutong", name));
  for (const name of SERVERS) compileFile(join(BENCH, "load", `${name}.ts`), join(servers, `${name}.js`));
  return { wsload: compileC("wsload", servers), limit: compileC("limit", servers), servers };
}

function compilePackage(name: string, target: string): void {
  const source = join(PACKAGES, name);
  for (const file of readdirSync(join(source, "src"), { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".ts"))
      compileFile(join(source, "src", file), join(target, "dist", file.replace(/\.ts$/, ".js")));
  }
  // Of its exports the one named "default" is taken, which leads to `dist`.
  writeFileSync(join(target, "package.json"), readFileSync(join(source, "package.json"), "utf8"));
}

function compileFile(source: string, target: string): void {
  const { outputText } = ts.transpileModule(readFileSync(source, "utf8"), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, outputText);
}

function compileC(name: string, folder: string): string {
  const program = join(folder, name);
  execFileSync("cc", ["-O2", "-o", program, join(BENCH, "load", "native", `${name}.c`)], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  return program;
}
