import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import ts from "typescript";

// Makes what a mini-program loads: scripts without dependencies, one for each entry. WeChat's npm build
// copies the folder as it is and translates no syntax, so this does.

const SOURCE = fileURLToPath(new URL("src/", import.meta.url));
/** The scripts, by their names in the package; `index` is the package itself. */
export const ENTRIES = ["index", "words"] as const;

/** What stands for the hash of a private name, so that esbuild may shorten it. */
const MARK = "$$$";

/** Bundles an entry into one CommonJS script of ES2017. */
export async function bundleMiniprogram(entry: (typeof ENTRIES)[number]): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${SOURCE}${entry}.ts`],
    bundle: true,
    conditions: ["source"],
    format: "esm",
    platform: "browser",
    target: "esnext",
    treeShaking: true,
    write: false,
  });
  const { code } = await transform(withoutPrivateNames(outputFiles[0]?.text ?? ""), {
    format: "cjs",
    loader: "ts",
    mangleProps: /^\$\$\$/,
    minify: true,
    target: "es2017",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  });
  return code;
}

/** Takes private names for ordinary ones: esbuild makes a WeakMap of each private name for ES2017, which is a third more code. */
function withoutPrivateNames(script: string): string {
  const file = ts.createSourceFile("bundle.js", script, ts.ScriptTarget.Latest, true);
  const hashes: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPrivateIdentifier(node)) hashes.push(node.getStart());
    ts.forEachChild(node, visit);
  };
  visit(file);
  return hashes.reduceRight((edited, at) => edited.slice(0, at) + MARK + edited.slice(at + 1), script);
}

/** Writes the folder that package.json names in the field `miniprogram`. */
async function writeMiniprogram(): Promise<void> {
  const folder = fileURLToPath(new URL("miniprogram_dist", import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const entry of ENTRIES) {
    const script = await bundleMiniprogram(entry);
    // It takes the place of the one before at once: others may be reading it, such as a test beside a start.
    const fresh = `${folder}.${process.pid}.js`;
    writeFileSync(fresh, script);
    renameSync(fresh, `${folder}/${entry}.js`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeMiniprogram();
