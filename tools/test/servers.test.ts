import { chmodSync, readdirSync } from "node:fs";

import { afterEach, describe, expect, test, vi } from "vitest";

import { ChatProgram } from "../chat-program.ts";
import { startNginx } from "../nginx.ts";
import { startPostgres } from "../postgres.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A program that ends at once, and an empty folder for temporary files. */
function brokenProgram(name: string): Disposable & { readonly path: string; readonly left: () => readonly string[] } {
  const folder = createTemporaryFolder();
  for (const program of [name, "initdb"]) {
    folder.write(`bin/${program}`, "#!/bin/sh\nexit 1\n");
    chmodSync(`${folder.path}/bin/${program}`, 0o755);
  }
  folder.write("temporary/.keep", "");
  vi.stubEnv("TMPDIR", `${folder.path}/temporary`);
  return {
    path: `${folder.path}/bin/${name}`,
    left: () => readdirSync(`${folder.path}/temporary`).filter((entry) => entry.startsWith("hutong-")),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

describe("a server that does not start leaves no folder behind", () => {
  test("PostgreSQL", async () => {
    using program = brokenProgram("postgres");

    await expect(startPostgres(program.path)).rejects.toThrow("initdb");
    expect(program.left()).toEqual([]);
  });

  test("nginx", async () => {
    using program = brokenProgram("nginx");

    await expect(startNginx(program.path, () => "")).rejects.toThrow("the process ended before a line matched");
    expect(program.left()).toEqual([]);
  });

  test("the chat", async () => {
    using program = brokenProgram("nothing");

    await expect(ChatProgram.start({ databaseUrl: "none" })).rejects.toThrow("HUTONG_DATABASE_URL cannot be used");
    expect(program.left()).toEqual([]);
  });
});
