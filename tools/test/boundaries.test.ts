import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import { startProcess } from "../processes.ts";
import { copyRepository, REPOSITORY } from "./repository-copy.ts";
import type { TemporaryFolder } from "./temporary-folder.ts";

interface Plant {
  readonly rule: string;
  readonly from: string;
  readonly text: string;
}

const PLANTS: readonly Plant[] = [
  {
    rule: "workspace-packages-protocol",
    from: "packages/protocol/src/planted.ts",
    text: 'export * from "@hutong/server";',
  },
  {
    rule: "workspace-packages-client",
    from: "packages/client/src/planted.ts",
    text: 'export type { Server } from "@hutong/server";',
  },
  { rule: "workspace-packages-server", from: "packages/server/src/options.ts", text: 'import "@hutong/client";' },
  { rule: "workspace-apps-web", from: "apps/web/src/planted.ts", text: 'import "@hutong/protocol";' },
  { rule: "workspace-examples", from: "examples/lobby/src/planted.ts", text: 'import "@hutong/testing";' },
  { rule: "server-level-1", from: "packages/server/src/clock.ts", text: 'import "./server.ts";' },
  {
    rule: "server-level-2",
    from: "packages/server/src/transport/planted.ts",
    text: 'import "../connection/planted.ts";',
  },
  {
    rule: "server-level-3",
    from: "packages/server/src/channel/planted.ts",
    text: 'import type {} from "../dispatch.ts";',
  },
  { rule: "server-level-4", from: "packages/server/src/server.ts", text: 'import "./node/planted.ts";' },
  {
    rule: "server-bytes-know-no-topics",
    from: "packages/server/src/connection/planted.ts",
    text: 'import "../pubsub/planted.ts";',
  },
  {
    rule: "server-topics-know-no-bytes",
    from: "packages/server/src/channel/planted-2.ts",
    text: 'import "../transport/planted-2.ts";',
  },
  {
    rule: "server-node-is-a-rim",
    from: "packages/server/src/node/planted-2.ts",
    text: 'import "../channel/planted.ts";',
  },
  { rule: "server-entries-stay-outside", from: "packages/server/src/dispatch.ts", text: 'import "./index.ts";' },
  {
    rule: "server-known-places",
    from: "packages/server/src/history/planted.ts",
    text: 'import "../sessions/planted.ts";',
  },
  {
    rule: "brokers-use-the-plugin-entry",
    from: "packages/broker-planted/src/index.ts",
    text: 'import "@hutong/server";',
  },
  {
    rule: "through-package-entries",
    from: "packages/testing/src/planted.ts",
    text: 'import "../../server/src/options.ts";',
  },
  {
    rule: "nothing-imports-programs",
    from: "packages/server/src/presence/planted.ts",
    text: 'import "../../../../apps/chat/src/planted.ts";',
  },
  {
    rule: "testing-serves-tests",
    from: "packages/server/src/transport/planted-2.ts",
    text: 'import "@hutong/testing";',
  },
  { rule: "tools-serve-tests", from: "apps/chat/src/planted.ts", text: 'import "../../../tools/planted.ts";' },
  { rule: "sources-import-no-tests", from: "packages/client/src/planted-2.ts", text: 'import "../test/planted.ts";' },
  { rule: "no-packages-from-the-registry", from: "packages/client/src/planted-3.ts", text: 'import "zod";' },
  {
    rule: "web-socket-library-in-node-only",
    from: "packages/server/src/connection/planted-2.ts",
    text: 'import "ws";',
  },
  { rule: "node-modules-at-the-rim", from: "packages/server/src/pubsub/planted.ts", text: 'import "node:events";' },
  { rule: "node-modules-at-the-rim", from: "packages/client/src/planted-4.ts", text: 'import "events";' },
  { rule: "declared-dependencies", from: "apps/chat/src/planted-2.ts", text: 'import "fast-check";' },
  { rule: "no-cycles", from: "packages/protocol/src/planted-2.ts", text: 'export type { A } from "./planted-3.ts";' },
  { rule: "resolvable", from: "packages/client/src/planted-5.ts", text: 'import "./nowhere.ts";' },
];

const HARMLESS = "export const planted = 1;\n";

// What the plants import, written anew so that the plants' own imports decide.
const TARGETS: ReadonlyMap<string, string> = new Map([
  ["packages/client/src/index.ts", HARMLESS],
  ["packages/client/test/planted.ts", HARMLESS],
  ["packages/protocol/src/index.ts", HARMLESS],
  ["packages/protocol/src/planted-3.ts", 'export type { A } from "./planted-2.ts";\n'],
  ["packages/server/src/index.ts", HARMLESS],
  ["packages/server/src/node/planted.ts", HARMLESS],
  ["packages/server/src/sessions/planted.ts", HARMLESS],
  ["packages/testing/src/index.ts", HARMLESS],
  ["tools/planted.ts", HARMLESS],
]);

/** How long one look may take on a busy machine, in milliseconds. */
const CRUISE_LIMIT_MS = 60_000;

async function cruise(folder: TemporaryFolder): Promise<{ readonly code: number; readonly output: string }> {
  const command = join(REPOSITORY, "node_modules/.bin/depcruise");
  const places = ["packages", "apps", "examples", "tools"];
  return startProcess(command, ["--config", ".dependency-cruiser.cjs", ...places], { cwd: folder.path }).exited;
}

/** Folders that a violation is planted in exist, and so do their manifests. */
function createPrograms(folder: TemporaryFolder): void {
  for (const name of ["apps/chat", "apps/web", "examples/lobby", "packages/broker-planted"]) {
    folder.write(`${name}/package.json`, JSON.stringify({ name, dependencies: { "@hutong/server": "0.1.0" } }));
    folder.write(`${name}/src/index.ts`, HARMLESS);
  }
  folder.write("tools/index.ts", HARMLESS);
}

describe("the boundary rules", () => {
  let violations = "";
  let code = 0;

  beforeAll(async () => {
    using folder = copyRepository();
    createPrograms(folder);
    for (const [path, text] of TARGETS) folder.write(path, text);
    for (const { from, text } of PLANTS) folder.write(from, `${text}\n${HARMLESS}`);
    ({ code, output: violations } = await cruise(folder));
  });

  test("fail a tree with violations", () => {
    expect(code).not.toBe(0);
  });

  test.each(PLANTS)("name $rule for $from", ({ rule, from }) => {
    expect(violations.split("\n").filter((line) => line.includes(`error ${rule}: ${from}`))).not.toEqual([]);
  });

  test("pass a tree without", { timeout: CRUISE_LIMIT_MS }, async () => {
    using folder = copyRepository();
    createPrograms(folder);

    const { code: cleanCode, output } = await cruise(folder);

    expect(output).toContain("no dependency violations found");
    expect(cleanCode).toBe(0);
  });
});
