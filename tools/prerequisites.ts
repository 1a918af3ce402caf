import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

import { runStep } from "./steps.ts";

/** A program that some suites drive and npm does not bring. */
export interface Prerequisite {
  /** For the reader. */
  readonly name: string;
  /** The environment variable that the suites read the program's path from. A value set by the caller wins. */
  readonly variable: string;
  /** Other variables by which a machine may name the program, first match first. */
  readonly overrides: readonly string[];
  /** Where to look: absolute paths, and names to look up in `PATH`. */
  readonly programs: readonly string[];
  /** The Debian packages that bring it. */
  readonly packages: readonly string[];
  /** What is skipped without it, for the reader. */
  readonly suites: string;
}

/** Every program that a suite drives now. A suite that needs another one adds its row. */
export const PREREQUISITES: readonly Prerequisite[] = [
  {
    name: "Chromium",
    variable: "HUTONG_TEST_CHROMIUM",
    overrides: ["CHROMIUM", "CHROME_PATH"],
    programs: [
      "chromium",
      "chromium-browser",
      "google-chrome",
      "google-chrome-stable",
      "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ],
    packages: ["chromium", "fonts-noto-cjk"],
    suites: "the browser suites (e2e)",
  },
  {
    name: "PostgreSQL",
    variable: "HUTONG_TEST_POSTGRES",
    overrides: [],
    // The Debian package keeps its programs out of PATH.
    programs: [...[18, 17, 16, 15, 14].map((version) => `/usr/lib/postgresql/${version}/bin/postgres`), "postgres"],
    packages: ["postgresql"],
    suites: "the suites on PostgreSQL",
  },
  {
    name: "nginx",
    variable: "HUTONG_TEST_NGINX",
    overrides: [],
    programs: ["nginx", "/usr/sbin/nginx"],
    packages: ["nginx-light", "openssl"],
    suites: "the suites through nginx",
  },
];

/** What finding and installing needs of a machine. */
export interface Machine {
  /** The environment variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a path leads to something that can be run. */
  isExecutable(path: string): boolean;
  /** Why nothing can be installed here; `undefined` when it can. */
  readonly installObstacle: string | undefined;
  /** Installs packages. Resolves with the reason of a failure, or with `undefined`; never rejects. */
  install(packages: readonly string[]): Promise<string | undefined>;
}

/** The outcome of {@link providePrerequisites}. */
export interface Provision {
  /** Variable → path, for the environment of the suites. */
  readonly variables: Readonly<Record<string, string>>;
  /** One sentence for each program that is missing: what is skipped, and why. */
  readonly skipped: readonly string[];
}

/** The program's path, or `undefined` when the machine does not have it. */
export function findProgram(prerequisite: Prerequisite, machine: Machine): string | undefined {
  const named = [prerequisite.variable, ...prerequisite.overrides].map((name) => machine.environment[name]);
  const folders = (machine.environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = prerequisite.programs.flatMap((program) =>
    isAbsolute(program) ? [program] : folders.map((folder) => join(folder, program)),
  );
  return [...named, ...found].find((path) => path !== undefined && machine.isExecutable(path));
}

/** Finds every program, and installs the missing ones in one go where the machine allows it. Never rejects. */
export async function providePrerequisites(
  prerequisites: readonly Prerequisite[],
  machine: Machine,
): Promise<Provision> {
  const missing = prerequisites.filter((prerequisite) => findProgram(prerequisite, machine) === undefined);
  const obstacle =
    missing.length === 0
      ? undefined
      : (machine.installObstacle ?? (await machine.install(missing.flatMap(({ packages }) => packages))));
  const found = prerequisites.map((prerequisite) => ({ prerequisite, path: findProgram(prerequisite, machine) }));
  return {
    variables: Object.fromEntries(
      found.flatMap(({ prerequisite, path }) => (path === undefined ? [] : [[prerequisite.variable, path]])),
    ),
    skipped: found
      .filter(({ path }) => path === undefined)
      .map(({ prerequisite: { name, suites, variable } }) => {
        const reason = obstacle ?? "its package brings no program of a known name";
        return `Skipped: ${suites}, because ${name} was not found and not installed (${reason}); set ${variable} to its path.`;
      }),
  };
}

/** The machine that this process runs on. Installs with apt-get, as root on Debian only. */
export function localMachine(): Machine {
  const isDebian = existsSync("/etc/debian_version");
  const isRoot = process.getuid?.() === 0;
  return {
    environment: process.env,
    isExecutable(path) {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        // ENOENT or EACCES: not there, or not ours to run.
        return false;
      }
    },
    installObstacle: !isDebian ? "this is not Debian" : !isRoot ? "apt-get needs root" : undefined,
    install: installWithApt,
  };
}

async function installWithApt(packages: readonly string[]): Promise<string | undefined> {
  // Bounded waiting: without a network the suites are skipped after a minute or so.
  const network = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30", "-o", "DPkg::Lock::Timeout=60"];
  const environment = "DEBIAN_FRONTEND=noninteractive";
  for (const command of [["update"], ["install", "--yes", "--no-install-recommends", ...packages]]) {
    const name = `apt-get ${command.join(" ")}`;
    console.log(`${name} …`);
    const result = await runStep({ name, command: "env", arguments: [environment, "apt-get", ...network, ...command] });
    if (!result.passed) return `${name} failed: ${lastLine(result.output)}`;
  }
  return undefined;
}

function lastLine(output: string): string {
  return output.trimEnd().split("\n").at(-1) ?? "";
}
