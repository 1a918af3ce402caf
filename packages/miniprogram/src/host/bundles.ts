import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The programs that run in a browser, by name of their file. */
export type Bundles = ReadonlyMap<string, string>;

const PROGRAMS = { "phone.js": "../phone/main", "view.js": "../view/main", "worker.js": "../service/worker" } as const;

/** Bundles the programs of the phone, of a page and of the logic layer. */
export async function buildBundles(): Promise<Bundles> {
  // From sources in a checkout, from compiled files in a package.
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  const entries = await Promise.all(
    Object.entries(PROGRAMS).map(async ([name, entry]) => {
      const { outputFiles } = await build({
        entryPoints: [fileURLToPath(new URL(entry + extension, import.meta.url))],
        bundle: true,
        write: false,
        format: "iife",
        target: "es2022",
        minify: true,
        define: { "process.env.NODE_ENV": '"production"' },
        legalComments: "none",
        logLevel: "silent",
      });
      return [name, outputFiles[0]?.text ?? ""] as const;
    }),
  );
  return new Map(entries);
}
