import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createServer, type IncomingMessage, request as httpRequest } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { file as fileSchema, type StoredFile } from "@hutong/chat-api";
import { type Database, openDatabase } from "@hutong/database";
import type { TestEngine } from "@hutong/database/testing";
import { FakeClock } from "@hutong/testing";
import { Hono } from "hono";
import { z } from "zod";
import type { Caller } from "../../../src/api/handlers.ts";
import type { FileStore } from "../../../src/files/file-store.ts";
import { createFiles, type Files, type FilesParts } from "../../../src/files/files.ts";
import { LocalFileStore } from "../../../src/files/local-file-store.ts";
import type { HttpEnvironment } from "../../../src/http/http-environment.ts";
import { identify } from "../../../src/http/identify.ts";
import { MIGRATIONS } from "../../../src/storage/migrations.ts";
import type { Tables } from "../../../src/storage/tables.ts";
import { NOW } from "../../support/people.ts";
import { createTemporaryFolder } from "../../support/temporary-folder.ts";

const SECRET = new TextEncoder().encode("0123456789abcdef0123456789abcdef");

/** The routes of files behind a real HTTP server; the access token of a user is its id. */
export interface FileBench extends AsyncDisposable {
  readonly database: Database<Tables>;
  readonly clock: FakeClock;
  readonly files: Files;
  readonly store: FileStore;
  /** Where the server is, without a final slash. */
  readonly url: string;
  /** What failed behind an `internal` or `unavailable`. */
  readonly failures: readonly unknown[];
  /** Sessions that have ended; the one of a user is `session-<id>`. */
  readonly ended: Set<string>;
  /** The paths of stored contents and of drafts. */
  stored(): Promise<string[]>;
  /** Sends a file as a form. */
  upload(userId: string, content: Uint8Array | string, options?: UploadOptions): Promise<Answer>;
  /** Sends a file that is taken. */
  uploaded(userId: string, content: Uint8Array | string, options?: UploadOptions): Promise<StoredFile>;
  /** Asks for a path below `/api/files`. */
  get(
    path: string,
    options?: { readonly userId?: string; readonly headers?: Record<string, string> },
  ): Promise<Response>;
  /** Begins an upload by hand, to end it as the test likes. */
  begin(userId: string, headers: Record<string, string>): StartedUpload;
}

/** How a file is sent. */
export interface UploadOptions {
  readonly name?: string;
  /** What the client says that it is. */
  readonly type?: string;
  readonly purpose?: string;
  readonly field?: string;
}

/** A status, and the file or the reason of a refusal. */
export interface Answer {
  readonly status: number;
  readonly reason: string | undefined;
  readonly file: StoredFile | undefined;
}

/** A request whose body the test writes. */
export interface StartedUpload {
  /** Sends some of the body. */
  write(bytes: Uint8Array | string): void;
  end(): void;
  /** Drops the connection. */
  drop(): void;
  readonly answer: Promise<Answer>;
}

const ANSWER = z.object({ file: fileSchema.optional(), error: z.object({ reason: z.string() }).optional() });

/** Opens a bench; `given` replaces parts of the files. */
export async function openFileBench(engine: TestEngine, given: Partial<FilesParts> = {}): Promise<FileBench> {
  const temporary = await engine.create(MIGRATIONS);
  const folder = await createTemporaryFolder();
  const database = await openDatabase<Tables>(temporary.url);
  const clock = new FakeClock(NOW);
  const failures: unknown[] = [];
  const ended = new Set<string>();
  const draftFolder = folder.at("drafts");
  const store = given.store ?? new LocalFileStore({ folder: folder.at("files"), draftFolder });
  const callerOf = (userId: string): Caller => ({ userId, kind: "user", sessionId: `session-${userId}` });
  const callers = {
    caller: (sessionId: string) =>
      Promise.resolve(ended.has(sessionId) ? undefined : callerOf(sessionId.replace("session-", ""))),
  };
  const files = createFiles({
    ...{ database, store, draftFolder, clock, callers, secret: SECRET, isSecure: true },
    failed: (error) => void failures.push(error),
    ...given,
  });
  const routes = new Hono<HttpEnvironment>();
  routes.use(
    identify(
      (token = "") => Promise.resolve(token === "expired" ? "token_expired" : callerOf(token)),
      () => "127.0.0.1",
    ),
  );
  routes.route("/api", files.routes);
  const answer = getRequestListener(routes.fetch);
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const upload: FileBench["upload"] = async (userId, content, options = {}) => {
    const { name = "a file", type = "", purpose, field = "file" } = options;
    const form = new FormData();
    form.append(field, new Blob([typeof content === "string" ? content : new Uint8Array(content)], { type }), name);
    const query = purpose === undefined ? "" : `?purpose=${purpose}`;
    const headers = { authorization: `Bearer ${userId}` };
    const response = await fetch(`${url}/api/files${query}`, { method: "POST", headers, body: form });
    return toAnswer(response.status, await response.text());
  };
  return {
    ...{ database, clock, files, store, url, failures, ended, upload },
    stored: async () => {
      const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => `${parentPath}/${name}`)
        .sort();
    },
    uploaded: async (userId, content, options) => {
      const { status, reason, file } = await upload(userId, content, options);
      if (file === undefined) throw new Error(`the upload was refused: ${status} ${reason}`);
      return file;
    },
    get: (path, { userId, headers = {} } = {}) => {
      const authorization = userId === undefined ? {} : { authorization: `Bearer ${userId}` };
      return fetch(`${url}/api/files/${path}`, { headers: { ...authorization, ...headers } });
    },
    begin: (userId, headers) => {
      const request = httpRequest(`${url}/api/files`, {
        method: "POST",
        headers: { authorization: `Bearer ${userId}`, ...headers },
      });
      request.on("error", () => {}); // a dropped upload, and one that is answered before its end
      const answered = once(request, "response").then(([response]) => readAnswer(response));
      answered.catch(() => {}); // whoever drops the upload waits for no answer
      return {
        write: (bytes) => void request.write(bytes),
        end: () => void request.end(),
        drop: () => void request.destroy(),
        answer: answered,
      };
    },
    async [Symbol.asyncDispose]() {
      await files.close();
      server.closeAllConnections();
      server.close();
      await database.close();
      await temporary[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  response.setEncoding("utf8");
  let body = "";
  for await (const part of response) body += String(part);
  return toAnswer(response.statusCode ?? 0, body);
}

function toAnswer(status: number, body: string): Answer {
  const { file, error } = ANSWER.parse(JSON.parse(body));
  return { status, reason: error?.reason, file };
}
