import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { understand } from "../program-options.ts";
import { runStep } from "../steps.ts";

const BIRDS = {
  rounds: { type: "string", default: "3", isNumber: true, about: "how often" },
  seed: { type: "string", isNumber: true, about: "of the chance" },
  birds: { type: "string", default: "wren,robin", words: ["wren", "robin"], about: "which" },
  quick: { type: "boolean", default: false, about: "less" },
} as const;

describe("the options of a program", () => {
  test("are what was given, and the defaults for the rest", () => {
    const understood = understand("Counts birds.", BIRDS, ["--rounds", "7", "--birds", "robin", "--quick"]);

    expect(understood).toEqual({ kind: "values", values: { rounds: "7", birds: "robin", quick: true } });
  });

  test("are shown by --help, with their defaults", () => {
    expect(understand("Counts birds.", BIRDS, ["--quick", "--help"])).toEqual({
      kind: "help",
      text: `Counts birds.

  --rounds <3>                       how often
  --seed <…>                         of the chance
  --birds <wren,robin>               which
  --quick                            less`,
    });
  });

  test.each([
    ["an option that is none", ["--fast"], "Unknown option '--fast'"],
    ["an option without its value", ["--rounds"], "Option '--rounds <value>' argument missing"],
    ["a word between the options", ["quick"], "Unexpected argument 'quick'"],
    ["what is no number", ["--rounds", "many"], '--rounds is "many", give it a number'],
    ["what is no number, where there is no default", ["--seed", "1e9x"], '--seed is "1e9x", give it a number'],
    ["a word that is none of them", ["--birds", "wren,crow"], '--birds is "wren,crow", give it of wren, robin'],
  ])("refuse %s with a sentence", (_name, given, text) => {
    expect(understand("Counts birds.", BIRDS, given)).toEqual({ kind: "problem", text });
  });
});

describe("a bench", () => {
  async function run(option: string): Promise<string> {
    // A step says whether it passed; this says with what it ended.
    const script = `cd "$0" && "$1" --conditions=source --import tsx bench/chat/main.ts ${option}; echo "ends with $?"`;
    const root = fileURLToPath(new URL("../../", import.meta.url));
    return (await runStep({ name: "bench", command: "sh", arguments: ["-c", script, root, process.execPath] })).output;
  }

  test("that is asked for help ends with 0 and measures nothing", async () => {
    expect(await run("--help")).toMatch(
      /^npm run bench:chat -- \[options\]\n\n[^]*\n {2}--smoke [^\n]*\n[^]*ends with 0\n$/,
    );
  });

  test("that is given an option that it has not ends with 2 and a sentence", async () => {
    expect(await run("--fast")).toBe("Unknown option '--fast'; see --help.\nends with 2\n");
  });
});
