import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTokens } from "../src/tokens.ts";

test("the folder of the secret and of the bids is its owner's alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hutong-auction-"));
  try {
    const dataFolder = join(folder, "data", "auction");

    await openTokens(dataFolder);

    const rights = await Promise.all([join(folder, "data"), dataFolder].map(async (path) => (await stat(path)).mode));
    expect(rights.map((mode) => mode & 0o777)).toEqual([0o700, 0o700]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
