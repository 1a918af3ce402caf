import { join } from "node:path";

import { expect, test } from "vitest";

import { startProcess } from "../processes.ts";
import { copyRepository, REPOSITORY } from "./repository-copy.ts";

const DROPPED_PROMISE = `import { planted } from "@hutong/protocol";

export function drop(): void {
  planted();
}
`;

test("the linter follows types across packages: a dropped promise of another package is an error", async () => {
  using folder = copyRepository();
  folder.write("packages/protocol/src/index.ts", "export const planted = async (): Promise<void> => {};\n");
  folder.write("packages/client/src/drop.ts", DROPPED_PROMISE);
  const command = join(REPOSITORY, "node_modules/.bin/oxlint");

  const { code, output } = await startProcess(command, ["--type-aware", "packages/client/src/drop.ts"], {
    cwd: folder.path,
  }).exited;

  expect(output).toContain("no-floating-promises");
  expect(code).toBe(1);
});
