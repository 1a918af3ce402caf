import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { canCompile } from "../load/programs.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The smoke takes some ten seconds on a machine that does nothing else. */
const LIMIT_MS = 120_000;

test.skipIf(!canCompile())(
  "the load benches measure hutong and a control in every way of measuring, and lose nothing",
  { timeout: LIMIT_MS },
  async () => {
    const words = ["--conditions=source", "--import", "tsx", "bench/load/main.ts", "--smoke"];

    const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { cwd: ROOT });

    expect(stderr).not.toContain("INVALID");
    expect(
      stderr
        .split("\n")
        .filter((line) => /^[\w-]+, (?:hutong|ws): /.test(line))
        .toSorted(),
    ).toEqual(
      ["delay", "joins", "memory", "replies", "room-16"].flatMap((id) => [
        expect.stringMatching(`^${id}, hutong: `),
        expect.stringMatching(`^${id}, ws: `),
      ]),
    );
    expect(stdout).toMatch(/^\| scenario +\| hutong +\| ws +\|$/m);
  },
);
