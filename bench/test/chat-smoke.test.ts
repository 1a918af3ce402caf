import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** The smoke takes some ten seconds on a machine that does nothing else. */
const LIMIT_MS = 180_000;

test("the chat's benches measure sending and queries, and write no result", { timeout: LIMIT_MS }, async () => {
  const words = ["--conditions=source", "--import", "tsx", "bench/chat/main.ts", "--smoke", "--engine", "sqlite"];

  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, { cwd: ROOT });

  expect(JSON.parse(stdout)).toMatchObject({
    engines: [
      {
        engine: "SQLite",
        sends: [
          { id: "direct", chat: [{}], bare: [{}], batched: [{}] },
          { id: "group", chat: [{}], bare: [{}], batched: [{}] },
        ],
        loaded: { messages: 2_399 },
      },
    ],
  });
  for (const contestant of ["chat", "bare", "batched"])
    expect(stderr).toMatch(new RegExp(`^sqlite, group, ${contestant}: \\{"perSecond":[1-9]`, "m"));
  expect(stderr).toMatch(/^sqlite, sync with 5,000 conversations: p50 /m);
});
