#!/usr/bin/env node
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ProjectCompiler } from "./compiler/compiler.ts";
import { formatDiagnostic } from "./compiler/diagnostic.ts";
import { DEFAULT_PORT, startDevServer } from "./host/dev-server.ts";
import { openHeadless } from "./host/headless-app.ts";
import { ProjectFolder } from "./host/project-folder.ts";
import { describe } from "./service/console.ts";

const USAGE = `hutong-miniprogram dev <project>    serve the project on a phone in the browser, with live reload
hutong-miniprogram build <project>  compile the project, report what is wrong, write <project>/dist-miniprogram
hutong-miniprogram test <project>   open every page without a screen, report what goes wrong

--port <number>       port of dev (${DEFAULT_PORT})
--host <address>      address of dev (127.0.0.1)
--map <host>=<url>    where a host that the project names leads; may be given several times
--out <folder>        folder of build`;

/** Exit codes: what was asked for went wrong, and nothing could be understood. */
const [FAILED, MISUSED] = [1, 2];

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: "string" },
      host: { type: "string" },
      map: { type: "string", multiple: true },
      out: { type: "string" },
    },
  });
  const [command, project] = positionals;
  if (project === undefined) return misuse("a command and a project are needed");
  const map = new Map((values.map ?? []).map((entry) => splitOnce(entry)));
  switch (command) {
    case "dev":
      return dev(project, { map, port: Number(values.port ?? DEFAULT_PORT), host: values.host ?? "127.0.0.1" });
    case "build":
      return build(project, values.out ?? join(project, "dist-miniprogram"));
    case "test":
      return test(project, map);
    default:
      return misuse(`command "${command}" is not known`);
  }
}

function misuse(reason: string): number {
  process.stderr.write(`${reason}\n\n${USAGE}\n`);
  return MISUSED;
}

function splitOnce(entry: string): readonly [string, string] {
  const index = entry.indexOf("=");
  if (index < 1) throw new RangeError(`--map ${entry} has no "="; use --map example.com=http://127.0.0.1:4000`);
  return [entry.slice(0, index), entry.slice(index + 1)];
}

interface DevOptions {
  readonly map: ReadonlyMap<string, string>;
  readonly port: number;
  readonly host: string;
}

async function dev(project: string, { map, port, host }: DevOptions): Promise<number> {
  if (process.env["NODE_ENV"] === "production") {
    process.stderr.write("the runner executes code of projects; it does not start with NODE_ENV=production\n");
    return FAILED;
  }
  const server = await startDevServer({ project, map, port, host });
  for (const error of server.runner.errors) process.stderr.write(`${error}\n`);
  process.stdout.write(`${project} runs at ${server.url}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.close();
  return 0;
}

async function compile(project: string) {
  const result = await new ProjectCompiler().compile(new ProjectFolder(project));
  for (const diagnostic of result.diagnostics)
    process.stderr.write(`${diagnostic.severity} ${formatDiagnostic(diagnostic)}\n`);
  return result.project;
}

async function build(project: string, out: string): Promise<number> {
  const compiled = await compile(project);
  if (compiled === undefined) return FAILED;
  await mkdir(out, { recursive: true });
  await writeFile(join(out, "project.json"), JSON.stringify(compiled));
  process.stdout.write(`${compiled.config.pages.length} pages written to ${join(out, "project.json")}\n`);
  return 0;
}

async function test(project: string, map: ReadonlyMap<string, string>): Promise<number> {
  const compiled = await compile(project);
  if (compiled === undefined) return FAILED;
  let failedCount = 0;
  // A rejection that a project does not handle is a mistake of the page that is open, not of this program.
  const rejections: string[] = [];
  process.on("unhandledRejection", (reason) => rejections.push(`unhandled rejection: ${describe(reason)}`));
  for (const page of compiled.config.pages) {
    const app = await openHeadless(compiled, { map, startUrl: `/${page}` });
    await app.settle();
    const thrown = app.console.filter(({ level }) => level === "error").map(({ text }) => text);
    const errors = [...thrown, ...rejections.splice(0)];
    failedCount += errors.length > 0 ? 1 : 0;
    process.stdout.write(`${errors.length > 0 ? "fail" : "ok  "} ${page}\n`);
    for (const text of errors) process.stdout.write(`     ${text.replaceAll("\n", "\n     ")}\n`);
    await app.close();
  }
  return failedCount > 0 ? FAILED : 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(MISUSED);
  },
);
