import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["{packages,apps,examples}/*/test/**/*.test.ts", "{interop,bench,tools,docs}/test/**/*.test.ts"],
    // The tests of types are checked by tsc with everything else.
    typecheck: { enabled: false },
    pool: "forks",
    reporters: ["default"],
    testTimeout: 15_000,
    // Suites with browsers and real servers share two cores in CI; what fails twice is broken, and the first failure is shown.
    retry: process.env["CI"] === "true" ? 1 : 0,
    hookTimeout: 60_000,
    coverage: {
      enabled: false,
      provider: "v8",
      // The pure core, where an untaken branch is an untested rule. The rest is
      // left out on purpose: a number there would be chased, not read.
      include: [
        "packages/protocol/src/**/*.ts",
        "packages/server/src/presence/presence-diff.ts",
        "packages/server/src/history/recovery.ts",
        "packages/client/src/reconnect.ts",
        "packages/client/src/recovery.ts",
      ],
      reporter: [["text", { skipFull: true }]],
      thresholds: { branches: 100 },
    },
  },
});
