import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startFixture } from "../fixture/fixture.ts";
import { within } from "./support/limits.ts";

const MAIN = fileURLToPath(new URL("../fixture/main.ts", import.meta.url));

/** Node and tsx take their time to start on a busy machine. */
const START_LIMIT_MS = 30_000;

function start(port: string): ChildProcess {
  const env = { ...process.env, PORT: port };
  return spawn(process.execPath, ["--conditions=source", "--import", "tsx", MAIN], { env, stdio: "pipe" });
}

async function firstChunk(stream: ChildProcess["stdout"]): Promise<string> {
  if (stream === null) throw new Error("the process was not started with pipes");
  const [chunk] = await within(once(stream, "data"), "a line", START_LIMIT_MS);
  return String(chunk);
}

describe("the fixture as a program", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "it says where it listens, and ends cleanly on %s",
    async (signal) => {
      const program = start("0");
      const line = await firstChunk(program.stdout);
      const url = /^fixture listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(line)?.[1];
      const stats = await fetch(`${url}/_stats`);
      const ended = once(program, "exit");
      program.kill(signal);

      expect(stats.status).toBe(200);
      expect(await within(ended, "the end")).toStrictEqual([0, null]);
    },
    START_LIMIT_MS,
  );

  test(
    "a port that is taken is told in one sentence, with status 2",
    async () => {
      await using fixture = await startFixture({ port: 0 });
      const program = start(String(fixture.port));
      const ended = once(program, "exit");

      const sentence = await firstChunk(program.stderr);

      expect(sentence).toBe(
        `The fixture could not start because port ${fixture.port} is taken; choose another one with PORT.\n`,
      );
      expect(await within(ended, "the end")).toStrictEqual([2, null]);
    },
    START_LIMIT_MS,
  );
});

describe("the helpers of the fixture", () => {
  test.each([
    { path: "/_broadcast", body: "{nope" },
    { path: "/_broadcast", body: '{"stream":"a"}' },
    { path: "/_broadcast", body: '{"stream":"no topic","data":1}' },
    { path: "/_disconnect", body: "{}" },
  ])("$body for $path is refused with 400", async ({ path, body }) => {
    await using fixture = await startFixture({ port: 0 });

    const response = await fetch(`${fixture.url}${path}`, { method: "POST", body });

    expect(response.status).toBe(400);
  });
});
