import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A file of the page, as it is served. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const FOLDER = new URL("../page/", import.meta.url);

/** Reads the page and puts its scripts into one, in memory: a start is the build. */
export async function loadPage(): Promise<readonly PageFile[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("main.ts", FOLDER))],
    bundle: true,
    format: "esm",
    target: "es2022",
    conditions: ["source"],
    write: false,
  });
  const read = (name: string): Promise<string> => readFile(new URL(name, FOLDER), "utf8");
  return [
    { path: "/", type: "text/html; charset=utf-8", text: await read("index.html") },
    { path: "/style.css", type: "text/css; charset=utf-8", text: await read("style.css") },
    { path: "/mark.svg", type: "image/svg+xml", text: await read("mark.svg") },
    { path: "/main.js", type: "text/javascript; charset=utf-8", text: outputFiles.map(({ text }) => text).join("") },
  ];
}
