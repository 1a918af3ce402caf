#!/usr/bin/env node
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ProjectCompiler } from "./compiler/compiler.ts";
import { formatDiagnostic } from "./compiler/diagnostic.ts";
import { DEFAULT_PORT, type DevServer, startDevServer } from "./host/dev-server.ts";
import { openHeadless } from "./host/headless-app.ts";
import { ProjectFolder } from "./host/project-folder.ts";
import { isRecord } from "./is-record.ts";
import { describe } from "./service/console.ts";

const USAGE = `hutong-miniprogram dev <project>    serve the project on a phone in the browser, with live reload
hutong-miniprogram build <project>  compile the project, report what is wrong, write <project>/dist-miniprogram
hutong-miniprogram test <project>   open every page without a screen, report what goes wrong

<project> is the folder of app.json, or of a project.config.json that says where that is.

--port <number>       port of dev; 0 takes a free one (${DEFAULT_PORT})
--host <address>      address of dev (127.0.0.1)
--map <host>=<url>    where a host that the project names leads; may be given several times
--out <folder>        folder of build
--help                this text`;

const OPTIONS = {
  port: { type: "string" },
  host: { type: "string" },
  map: { type: "string", multiple: true },
  out: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Exit codes: what was asked for went wrong, and nothing could be understood. */
const [FAILED, MISUSED] = [1, 2];

/** The command line is not understood; the message says why. */
class Misuse extends Error {}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help === true) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const [command, project, ...more] = positionals;
  if (command === undefined || project === undefined) throw new Misuse("a command and a project are needed");
  if (more[0] !== undefined) throw new Misuse(`"${more[0]}" is too much; name one project`);
  const map = new Map((values.map ?? []).map(readMapping));
  switch (command) {
    case "dev":
      return dev(project, { map, port: readPort(values.port), host: values.host ?? "127.0.0.1" });
    case "build":
      return build(project, values.out ?? join(project, "dist-miniprogram"));
    case "test":
      return test(project, map);
    default:
      throw new Misuse(`command "${command}" is not known`);
  }
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new Misuse(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readPort(text = String(DEFAULT_PORT)): number {
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Misuse(`--port ${text} is no port; use a number from 0 to 65535`);
  }
  return port;
}

function readMapping(entry: string): readonly [string, string] {
  const index = entry.indexOf("=");
  const [host, url] = [entry.slice(0, index), entry.slice(index + 1)];
  if (index < 1 || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new Misuse(`--map ${entry} does not say where a host leads; use --map example.com=http://127.0.0.1:4000`);
  }
  return [host, url];
}

interface DevOptions {
  readonly map: ReadonlyMap<string, string>;
  readonly port: number;
  readonly host: string;
}

async function dev(project: string, options: DevOptions): Promise<number> {
  if (process.env["NODE_ENV"] === "production") {
    process.stderr.write("the runner executes code of projects; it does not start with NODE_ENV=production\n");
    return FAILED;
  }
  const server = await listen(project, options);
  for (const error of server.runner.errors) process.stderr.write(`${error}\n`);
  process.stdout.write(`${project} runs at ${server.url}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.close();
  return 0;
}

async function listen(project: string, { host, port, map }: DevOptions): Promise<DevServer> {
  try {
    return await startDevServer({ project, map, port, host });
  } catch (error) {
    if (!isRecord(error) || error["code"] !== "EADDRINUSE") throw error;
    throw new Error(`port ${port} of ${host} is taken; choose another with --port`, { cause: error });
  }
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
    for (const text of [...errors, ...hintsFor(errors)])
      process.stdout.write(`     ${text.replaceAll("\n", "\n     ")}\n`);
    await app.close();
  }
  return failedCount > 0 ? FAILED : 0;
}

/** What to do about hosts that are only there for people with the real project. */
function hintsFor(errors: readonly string[]): readonly string[] {
  const hosts = errors.flatMap((text) => [...text.matchAll(/getaddrinfo \w+ (\S+)/g)].map(([, host]) => host));
  return [...new Set(hosts)].map((host) => `say where the host leads: --map ${host}=http://127.0.0.1:4000`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(error instanceof Misuse ? `${reason}\n\n${USAGE}\n` : `${reason}\n`);
    process.exit(error instanceof Misuse ? MISUSED : FAILED);
  },
);
