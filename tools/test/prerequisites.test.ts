import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { findProgram, type Machine, type Prerequisite, providePrerequisites } from "../prerequisites.ts";
import { startProcess } from "../processes.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const BROWSER: Prerequisite = {
  name: "Browser",
  variable: "TEST_BROWSER",
  overrides: ["BROWSER"],
  programs: ["browser", "/opt/browser/run"],
  packages: ["browser", "fonts"],
  suites: "the browser suites",
};

interface MachineSketch {
  readonly programs: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly obstacle?: string;
  readonly brings?: string;
  readonly failure?: string;
}

/** A machine whose programs are a list, and whose package manager brings at most one more. */
function sketchMachine({ programs, environment = {}, obstacle, brings, failure }: MachineSketch) {
  const present = new Set(programs);
  const installed: string[] = [];
  const machine: Machine = {
    environment: { PATH: "/usr/local/bin:/usr/bin", ...environment },
    isExecutable: (path) => present.has(path),
    installObstacle: obstacle,
    async install(packages) {
      installed.push(...packages);
      if (brings !== undefined) present.add(brings);
      return failure;
    },
  };
  return { machine, installed };
}

describe("findProgram", () => {
  test("takes the suites' own variable before other variables, PATH and fixed places", () => {
    const environment = { TEST_BROWSER: "/mine/a", BROWSER: "/mine/b" };
    const { machine } = sketchMachine({ programs: ["/mine/a", "/mine/b", "/usr/bin/browser"], environment });

    expect(findProgram(BROWSER, machine)).toBe("/mine/a");
  });

  test("passes over a variable that leads nowhere", () => {
    const { machine } = sketchMachine({ programs: ["/usr/bin/browser"], environment: { BROWSER: "/gone" } });

    expect(findProgram(BROWSER, machine)).toBe("/usr/bin/browser");
  });

  test("looks at fixed places last", () => {
    expect(findProgram(BROWSER, sketchMachine({ programs: ["/opt/browser/run"] }).machine)).toBe("/opt/browser/run");
    expect(findProgram(BROWSER, sketchMachine({ programs: [] }).machine)).toBeUndefined();
  });
});

describe("providePrerequisites", () => {
  test("installs nothing when everything is there", async () => {
    const { machine, installed } = sketchMachine({ programs: ["/usr/bin/browser"] });

    const provision = await providePrerequisites([BROWSER], machine);

    expect(provision).toEqual({ variables: { TEST_BROWSER: "/usr/bin/browser" }, skipped: [] });
    expect(installed).toEqual([]);
  });

  test("installs what is missing and finds it afterwards", async () => {
    const { machine, installed } = sketchMachine({ programs: [], brings: "/usr/bin/browser" });

    const provision = await providePrerequisites([BROWSER], machine);

    expect(provision).toEqual({ variables: { TEST_BROWSER: "/usr/bin/browser" }, skipped: [] });
    expect(installed).toEqual(["browser", "fonts"]);
  });

  test.each([
    [{ programs: [], obstacle: "apt-get needs root" }, "apt-get needs root"],
    [{ programs: [], failure: "no network" }, "no network"],
    [{ programs: [] }, "its package brings no program of a known name"],
  ] satisfies [MachineSketch, string][])("says what is skipped and why: %j", async (sketch, reason) => {
    const { machine } = sketchMachine(sketch);

    const provision = await providePrerequisites([BROWSER], machine);

    expect(provision.variables).toEqual({});
    expect(provision.skipped).toEqual([
      `Skipped: the browser suites, because Browser was not found and not installed (${reason}); set TEST_BROWSER to its path.`,
    ]);
  });
});

test("npm test fails with CI=true when a program is missing", async () => {
  using folder = createTemporaryFolder();
  mkdirSync(join(folder.path, "empty"));
  // Nothing is found in this PATH: no browser, and no package manager either.
  const environment = { PATH: join(folder.path, "empty"), CI: "true" };
  const script = fileURLToPath(new URL("../test.ts", import.meta.url));

  const { code, output } = await startProcess(process.execPath, ["--import", "tsx", script], { environment }).exited;

  expect(output).toContain("Skipped: the browser suites (e2e), because Chromium was not found");
  expect(code).toBe(1);
});
