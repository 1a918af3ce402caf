import { type HeadlessApp, type HeadlessOptions, openHeadless } from "../../src/host/index.ts";
import { compileFiles, onePage } from "./compile.ts";

/** Opens a mini-program with one page, without a screen. */
export async function openPage(
  wxml: string,
  js: string,
  others: Readonly<Record<string, string>> = {},
  options: HeadlessOptions = {},
): Promise<HeadlessApp> {
  const app = await openHeadless(await compileFiles({ ...onePage({ wxml, js }), ...others }), options);
  await app.settle();
  return app;
}

/** What the project wrote to its console. */
export function linesOf(app: HeadlessApp): readonly string[] {
  return app.console.map(({ text }) => text);
}

/** Files of a component that stands beside the page. */
export function componentFiles(name: string, js: string, wxml = "<slot/>"): Readonly<Record<string, string>> {
  return { [`${name}.json`]: '{"component":true}', [`${name}.js`]: js, [`${name}.wxml`]: wxml };
}
