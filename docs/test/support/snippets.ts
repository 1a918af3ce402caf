import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type CodeBlock, codeBlocks } from "./markdown.ts";
import { pages, readText, REPOSITORY } from "./repository.ts";

/** A folder of files made from code blocks; disposing removes it. */
export interface SnippetFolder extends Disposable {
  /** Absolute path. */
  readonly path: string;
}

/** What a page's blocks lean on and do not show. */
interface Companion {
  /** What is put before each block, in their order. */
  readonly setups: readonly string[];
  /** Files beside the blocks. */
  readonly files: Readonly<Record<string, string>>;
}

const ROOM = `
import { accept, defineChannel, reply } from "@hutong/server";
import { z } from "zod";

export const room = defineChannel("room:*", {
  params: z.object({ nickname: z.string() }),
  receives: { new_msg: { payload: z.object({ body: z.string() }), reply: z.object({ id: z.string() }) } },
  sends: { new_msg: z.object({ body: z.string() }) },
  join: () => accept(),
  handle: { new_msg: () => reply({ id: "1" }) },
});
`;

const TEST_SERVER_SETUP = `
import { accept, defineChannel } from "@hutong/server";
import { overWebSocket, PhoenixClient, startTestServer } from "@hutong/testing";
import { WebSocket } from "ws";
const room = defineChannel("room:*", { join: () => accept() });
`;

const BROKER_SETUP = `
import { MemoryBroker } from "@hutong/server/plugin";
import { brokerConformance } from "@hutong/testing";
class MyBroker extends MemoryBroker {
  readonly prefix: string;
  constructor(options: { readonly prefix: string }) {
    super();
    this.prefix = options.prefix;
  }
}
`;

const TRANSPORT_SETUP = `
import { type TransportFactory, transportConformance } from "@hutong/testing";
declare const createPair: TransportFactory;
`;

const LOBBY: Companion = { setups: [], files: { "server.ts": readText("examples/lobby/server.ts") } };

/** Pages outside docs say less than a program needs; pages of docs say it in setup comments. */
const COMPANIONS: ReadonlyMap<string, Companion> = new Map([
  ["README.md", LOBBY],
  ["README.zh-CN.md", LOBBY],
  [
    "packages/client/README.md",
    {
      setups: [
        `declare function fetchToken(): Promise<string>;
declare function show(body: string): void;
declare function showNames(names: readonly string[]): void;`,
      ],
      files: { "room.ts": ROOM },
    },
  ],
  ["packages/testing/README.md", { setups: ["", TEST_SERVER_SETUP, BROKER_SETUP, TRANSPORT_SETUP], files: {} }],
]);

/** The blocks of a page that TypeScript can check. */
export function typedBlocks(page: string): readonly CodeBlock[] {
  return codeBlocks(readText(page)).filter(({ language }) => language === "ts");
}

/** The file that a block becomes: the name it gives itself, or one made of its line. */
export function fileNameOf(block: CodeBlock): string {
  return block.fileName === undefined ? `line-${block.line}.ts` : basename(block.fileName);
}

/**
 * Makes an empty folder inside the repository, so that imports resolve as they do in an application of the
 * workspace. It is hidden, and ignored by git.
 */
export function createSnippetFolder(): SnippetFolder {
  const parent = join(REPOSITORY, "docs/.snippets");
  mkdirSync(parent, { recursive: true });
  const path = mkdtempSync(join(parent, "run-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes the blocks of a page into a folder; gives the absolute paths. */
export function writeBlocks(folder: string, page: string): readonly string[] {
  const { setups, files } = COMPANIONS.get(page) ?? { setups: [], files: {} };
  const written = typedBlocks(page).map((block, index) => {
    const parts = [setups[index] ?? "", block.setup, block.text].filter((part) => part !== "");
    return write(join(folder, fileNameOf(block)), parts.join("\n"));
  });
  return [...written, ...Object.entries(files).map(([name, text]) => write(join(folder, name), text))];
}

/** Writes the blocks of every page, each page into a folder of its own; gives the absolute paths. */
export function writeAllBlocks(folder: string): readonly string[] {
  return pages().flatMap((page) => writeBlocks(join(folder, page.replaceAll(/[/.]/g, "_")), page));
}

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
