import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { minify } from "terser";
import ts from "typescript";

// Makes what a mini-program loads: one script without dependencies. WeChat's npm build
// copies the folder as it is and translates no syntax, so this does.

const SOURCE = fileURLToPath(new URL("src", import.meta.url));

/** What stands for the hash of a private name, so that esbuild may shorten it. */
const MARK = "$$$";

/** The table whose values are for people; no client reads them, nor what is called `summary`. */
const TABLE_OF_SENTENCES = "RECOVERY_REASONS";

/**
 * Takes private names for ordinary ones: esbuild makes a WeakMap of each private name for ES2017, which is a third
 * more code. Leaves the sentences of the tables of codes out.
 */
const compact: Plugin = {
  name: "compact",
  setup(bundler) {
    bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: rewrite(readFileSync(path, "utf8")),
      loader: "ts",
    }));
  },
};

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

function rewrite(text: string): string {
  const file = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    const edit = editOf(node);
    if (edit !== undefined) edits.push(edit);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits.reduceRight((edited, { start, end, by }) => edited.slice(0, start) + by + edited.slice(end), text);
}

function editOf(node: ts.Node): Edit | undefined {
  const start = node.getStart();
  if (ts.isPrivateIdentifier(node)) return { start, end: start + 1, by: MARK };
  if (!ts.isPropertyAssignment(node) || !ts.isStringLiteral(node.initializer)) return undefined;
  const hasComma = node.getSourceFile().text[node.end] === ",";
  if (node.name.getText() === "summary") return { start, end: node.end + (hasComma ? 1 : 0), by: "" };
  return isInTable(node) ? { start: node.initializer.getStart(), end: node.end, by: '""' } : undefined;
}

function isInTable(node: ts.Node): boolean {
  const table = ts.findAncestor(node, ts.isVariableDeclaration);
  return table?.name.getText() === TABLE_OF_SENTENCES;
}

/** What a mini-program can load, each a script of its own: an application pays for what it uses. */
export const ENTRIES = ["wechat.ts", "wechat-http.ts", "wechat-web-socket.ts"] as const;

/** Bundles an entry into one CommonJS script of ES2017. */
export async function bundleMiniprogram(entry: (typeof ENTRIES)[number]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(SOURCE, entry)],
    inject: [join(SOURCE, "wechat/has-own.ts")],
    define: { "Object.hasOwn": "hasOwn" },
    bundle: true,
    conditions: ["source"],
    format: "cjs",
    mangleProps: /^\$\$\$/,
    minify: true,
    plugins: [compact],
    target: "es2017",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    write: false,
  });
  // A second minifier, which looks at the script as a whole, takes three per cent more.
  const { code } = await minify(outputFiles[0]?.text ?? "", {
    compress: { ecma: 2015, passes: 4, pure_getters: true, unsafe_arrows: true, unsafe_methods: true },
    format: { ecma: 2015 },
    toplevel: true,
  });
  return code ?? "";
}

/** Writes the folder that package.json names in the field `miniprogram`. */
async function writeMiniprogram(): Promise<void> {
  const folder = fileURLToPath(new URL("miniprogram_dist", import.meta.url));
  // A script takes the place of the one before at once: others may be reading it, such as a test beside a start.
  const write = (name: string, text: string): void => {
    const fresh = `${folder}.${process.pid}.js`;
    writeFileSync(fresh, text);
    renameSync(fresh, join(folder, name));
  };
  mkdirSync(folder, { recursive: true });
  write("index.js", await bundleMiniprogram("wechat.ts"));
  write("wechat-http.js", await bundleMiniprogram("wechat-http.ts"));
  write("wechat-web-socket.js", await bundleMiniprogram("wechat-web-socket.ts"));
  // The name under which TypeScript finds the types.
  write("wechat.js", 'module.exports = require("./index.js");\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeMiniprogram();
