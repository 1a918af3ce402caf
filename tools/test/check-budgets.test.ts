import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { startProcess } from "../processes.ts";
import { createTemporaryFolder, type TemporaryFolder } from "./temporary-folder.ts";

const SCRIPT = fileURLToPath(new URL("../check-budgets.ts", import.meta.url));

function run(folder: TemporaryFolder) {
  return startProcess(process.execPath, ["--import", "tsx", SCRIPT, folder.path]).exited;
}

describe("check-budgets", () => {
  test("prints the table and exits with 0 when every budget is kept", async () => {
    using folder = createTemporaryFolder();
    folder.write("packages/client/src/a.ts", "/** One. */\nexport const a = 1;\n");
    folder.write("packages/client/test/a.test.ts", "1;\n".repeat(20));
    folder.write("node_modules/b/src/b.ts", "let b: any;\n");

    const { code, output } = await run(folder);

    expect(output).toMatch(/^ok +lines per source file +p90 300, most 500 +median 2, p90 2, most 2$/m);
    expect(output).not.toContain("FAIL");
    expect(code).toBe(0);
  });

  test("prints where a budget is passed and exits with 1", async () => {
    using folder = createTemporaryFolder();
    folder.write("interop/fixture/b.ts", "const a = 1;\nlet b: any;\n");

    const { code, output } = await run(folder);

    expect(output).toMatch(/^FAIL +any +0 +1$/m);
    expect(output).toContain("\nany:\n  interop/fixture/b.ts:2: any\n");
    expect(code).toBe(1);
  });
});
