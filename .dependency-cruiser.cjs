// The architecture as rules. Two tables: which workspace may import which, and
// which part of the server may import which. `tools/test/boundaries.test.ts`
// plants violations to prove that the rules see the modules.
const { existsSync, readdirSync, readFileSync } = require("node:fs");

/** Workspace → the workspaces that its sources may import. Tests may import more: any package. */
const WORKSPACE_IMPORTS = {
  "packages/protocol": [],
  "packages/server": ["packages/protocol"],
  "packages/broker-[^/]+": ["packages/protocol", "packages/server"],
  "packages/client": ["packages/protocol"],
  "packages/jwt": [],
  "packages/testing": ["packages/protocol", "packages/server"],
  "packages/database": [],
  "packages/chat-api": [],
  "packages/chat-client": ["packages/chat-api", "packages/client"],
  "packages/miniprogram": [],
  "apps/web": ["packages/client", "packages/chat-api", "packages/chat-client"],
  "apps/miniprogram": ["packages/client", "packages/chat-api", "packages/chat-client"],
  "apps/chat": [
    "packages/protocol",
    "packages/server",
    "packages/jwt",
    "packages/database",
    "packages/chat-api",
    "packages/miniprogram",
    "packages/broker-[^/]+",
  ],
  "examples/[^/]+": [
    "packages/protocol",
    "packages/server",
    "packages/client",
    "packages/database",
    "packages/jwt",
    "tools",
  ],
  interop: ["packages/[^/]+", "tools"],
  bench: ["packages/[^/]+", "tools"],
  tools: [],
};

/** A level may import itself and lower ones. `bytes` and `topics` never import each other. */
const SERVER_LEVELS = [
  {
    both: [
      "options\\.ts",
      "clock\\.ts",
      "console-telemetry\\.ts",
      "telemetry\\.ts",
      "encoded-frame\\.ts",
      "lean-map\\.ts",
      "results\\.ts",
      "connect\\.ts",
      "limits/",
    ],
  },
  { bytes: ["transport/"], topics: ["pubsub/", "presence/", "history/"] },
  { bytes: ["connection/"], topics: ["channel/"] },
  { both: ["server\\.ts", "client\\.ts", "client-table\\.ts", "node-commands\\.ts", "dispatch\\.ts"] },
];
const SERVER_ENTRIES = ["index\\.ts", "plugin\\.ts"];

const SERVER_SOURCE = "^packages/server/src/";
const ANY_WORKSPACE = "^((packages|apps|examples)/[^/]+|interop|bench|tools)/";
const ANY_SOURCE = "^(packages|apps)/[^/]+/src/";
const ANY_TEST = "^((packages|apps|examples)/[^/]+|interop|bench|tools|docs)/test/";

/** @param {readonly string[]} places */
const inServer = (places) => places.map((place) => SERVER_SOURCE + place);

/** @param {"bytes" | "topics" | "both"} side */
const half = (side) => SERVER_LEVELS.flatMap((level) => level[side] ?? []);

/** @param {{ readonly [side: string]: readonly string[] }} level */
const placesOf = (level) => Object.values(level).flat();

/** The source files behind the `exports` of every package: what other workspaces may import. */
function packageEntries() {
  const folders = existsSync("packages") ? readdirSync("packages") : [];
  return folders.flatMap((folder) => {
    const manifest = `packages/${folder}/package.json`;
    if (!existsSync(manifest)) return [];
    const conditions = Object.values(JSON.parse(readFileSync(manifest, "utf8")).exports ?? {});
    return conditions.map(({ source }) => `^packages/${folder}/${source.slice(2).replaceAll(".", "\\.")}$`);
  });
}

const workspaceRules = Object.entries(WORKSPACE_IMPORTS).map(([workspace, allowed]) => ({
  name: `workspace-${workspace.replace("/[^/]+", "").replace("-[^/]+", "").replace("/", "-")}`,
  comment: `${workspace} imports only: ${allowed.join(", ") || "nothing of this repository"}.`,
  severity: "error",
  from: { path: `^(${workspace})/`, pathNot: ANY_TEST },
  to: { path: ANY_WORKSPACE, pathNot: ["^$1/", ...allowed.map((path) => `^${path}/`)] },
}));

const levelRules = SERVER_LEVELS.map((level, index) => ({
  name: `server-level-${index + 1}`,
  comment: "A level of the server imports only itself and lower levels.",
  severity: "error",
  from: { path: inServer(placesOf(level)) },
  to: { path: SERVER_SOURCE, pathNot: inServer(SERVER_LEVELS.slice(0, index + 1).flatMap(placesOf)) },
}));

const serverRules = [
  ...levelRules,
  {
    name: "server-bytes-know-no-topics",
    comment: "Transports and connections know frames; topics belong to the other half.",
    severity: "error",
    from: { path: inServer(half("bytes")) },
    to: { path: inServer(half("topics")) },
  },
  {
    name: "server-topics-know-no-bytes",
    comment: "Channels, pubsub, presence and history know topics; frames belong to the other half.",
    severity: "error",
    from: { path: inServer(half("topics")) },
    to: { path: inServer(half("bytes")) },
  },
  {
    name: "server-node-is-a-rim",
    comment: "node/ brings transports to mounts: it sees those two, options, time and server.ts.",
    severity: "error",
    from: { path: inServer(["node/"]) },
    to: {
      path: SERVER_SOURCE,
      pathNot: inServer([
        "node/",
        "transport/",
        "connection/mount\\.ts",
        "server\\.ts",
        ...half("both").filter((place) => !/dispatch/.test(place)),
      ]),
    },
  },
  {
    name: "server-entries-stay-outside",
    comment: "Nothing inside the server imports its entries, and the portable entries do not import node/.",
    severity: "error",
    from: { path: SERVER_SOURCE, pathNot: inServer(["node/"]) },
    to: { path: inServer([...SERVER_ENTRIES, "node/"]) },
  },
  {
    name: "server-known-places",
    comment: "A new file or folder of the server gets a place in SERVER_LEVELS first.",
    severity: "error",
    from: {},
    to: {
      path: SERVER_SOURCE,
      pathNot: inServer([...SERVER_LEVELS.flatMap(placesOf), ...SERVER_ENTRIES, "node/"]),
    },
  },
];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...workspaceRules,
    ...serverRules,
    {
      name: "brokers-use-the-plugin-entry",
      comment: "A broker sees the server's contracts, not the server.",
      severity: "error",
      from: { path: "^packages/broker-[^/]+/src/" },
      to: { path: SERVER_SOURCE, pathNot: inServer(["plugin\\.ts"]) },
    },
    {
      name: "through-package-entries",
      comment: "Another workspace is imported through an entry of its package.json, never by a path into it.",
      severity: "error",
      from: { path: ANY_WORKSPACE },
      to: { path: "^packages/[^/]+/", pathNot: ["^$1/", ...packageEntries()] },
    },
    {
      name: "nothing-imports-programs",
      comment: "apps, examples, bench and interop are ends; tests may use their own.",
      severity: "error",
      from: { path: `${ANY_WORKSPACE}|^docs/` },
      to: { path: "^((apps|examples)/[^/]+|bench|interop)/", pathNot: "^$1/" },
    },
    {
      name: "testing-serves-tests",
      comment: "@hutong/testing is imported by tests, interop and bench only.",
      severity: "error",
      from: { pathNot: [ANY_TEST, "^(interop|bench|packages/testing)/"] },
      to: { path: "^packages/testing/" },
    },
    {
      name: "tools-serve-tests",
      comment: "The scripts of tools/ are imported by tests, by the programs that measure, and by each other only.",
      severity: "error",
      from: { pathNot: [ANY_TEST, "^tools/", "^interop/soak/", "^bench/", "^examples/[^/]+/bench/"] },
      to: { path: "^tools/" },
    },
    {
      name: "sources-import-no-tests",
      comment: "A source file stands without its tests.",
      severity: "error",
      from: { pathNot: ANY_TEST },
      to: { path: ANY_TEST },
    },
    {
      name: "no-packages-from-the-registry",
      comment: "protocol and client have no third-party dependencies.",
      severity: "error",
      from: { path: "^packages/(protocol|client)/src/" },
      to: { path: "(^|/)node_modules/" },
    },
    {
      name: "chat-client-knows-types-only",
      comment: "The chat's client carries no schema and no socket: of other workspaces it imports types.",
      severity: "error",
      from: { path: "^packages/chat-client/src/" },
      to: { path: "^packages/(chat-api|client)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "web-socket-library-in-node-only",
      comment: "ws is a detail of the server's node/ folder.",
      severity: "error",
      from: { path: SERVER_SOURCE, pathNot: inServer(["node/"]) },
      to: { path: "(^|/)node_modules/" },
    },
    {
      name: "node-modules-at-the-rim",
      comment: "Portable sources run without Node; only the listed places may use its modules.",
      severity: "error",
      from: {
        path: ANY_SOURCE,
        pathNot: [
          ...inServer(["node/"]),
          "^packages/(testing|database)/",
          "^packages/miniprogram/src/(host/|cli\\.ts)",
          "^apps/chat/",
        ],
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "declared-dependencies",
      comment: "What sources import stands in the dependencies of their own package.json.",
      severity: "error",
      from: { path: ANY_SOURCE },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cycles",
      comment: "Imports form no cycle, types included.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "Every import leads somewhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|coverage)/|^packages/miniprogram/test/projects/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "import", "node", "types", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  },
};
