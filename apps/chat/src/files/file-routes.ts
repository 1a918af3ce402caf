import type { StoredFile } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { type Context, Hono } from "hono";
import type { Rates } from "../accounts/rates.ts";
import { ChatError } from "../api/chat-error.ts";
import type { Caller } from "../api/handlers.ts";
import { answerError, callerOf } from "../http/action-routes.ts";
import type { HttpEnvironment } from "../http/http-environment.ts";
import type { FileRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import type { FileCookie } from "./file-cookie.ts";
import type { FileOptions } from "./file-options.ts";
import type { FileStore } from "./file-store.ts";
import type { FileType } from "./file-types.ts";
import { isReadable } from "./readable-files.ts";
import { receiveFile } from "./receive-file.ts";
import { serveFile } from "./serve-file.ts";
import { toChatError } from "./to-chat-error.ts";
import type { Uploads } from "./uploads.ts";

/** What {@link fileRoutes} answers with. */
export interface FileRoutesParts {
  readonly database: Database<Tables>;
  readonly store: FileStore;
  readonly uploads: Uploads;
  readonly cookie: FileCookie;
  readonly rates: Pick<Rates, "take">;
  readonly clock: Clock;
  readonly draftFolder: string;
  readonly options: Required<FileOptions>;
  /** Hears of what is neither a `ChatError` nor a full or silent store. */
  readonly failed: (error: unknown) => void;
}

/** Beside the file itself: boundaries, headers and fields of the form. */
const FORM_BYTES = 65_536;

/** `POST /files`, `GET /files/{id}` and `GET /files/{id}/thumbnail`. */
export function fileRoutes(parts: FileRoutesParts): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  const uploading = new Map<string, number>();
  routes.post("/files", async (context) => {
    const caller = requireCaller(context);
    const row = await oneOfFew(uploading, { userId: caller.userId, atOnce: parts.options.uploadsAtOnce }, () =>
      upload(context, parts, caller),
    );
    return context.json({ file: fileView(row) });
  });
  routes.get("/files/:id", async (context) => {
    const row = await readableFile(context, parts, context.req.param("id"));
    const { id: tag, storage_key: storageKey, mime, name, size } = row;
    return serveFile(context, parts.store, { storageKey, mime, name, tag, size });
  });
  routes.get("/files/:id/thumbnail", async (context) => {
    const { id, name, thumbnail_key: storageKey } = await readableFile(context, parts, context.req.param("id"));
    if (storageKey === null) throw new ChatError("not_found");
    const picture = { mime: "image/webp", name: `${name}.webp`, tag: `${id}-thumbnail`, size: undefined };
    return serveFile(context, parts.store, { storageKey, ...picture });
  });
  routes.onError((error, context) => answerError(context, toChatError(error, parts.failed)));
  return routes;
}

/** What clients are told of a file. */
export function fileView(row: FileRow): StoredFile {
  const { id, name, mime, size, width, height, thumbnail_key: thumbnailKey } = row;
  return { id, name, mime, size, width, height, hasThumbnail: thumbnailKey !== null };
}

async function upload(context: Context<HttpEnvironment>, parts: FileRoutesParts, { userId }: Caller): Promise<FileRow> {
  const { rates, clock, draftFolder, options, uploads } = parts;
  rates.take("upload", { remoteAddress: context.get("remoteAddress"), account: userId });
  const purpose = purposeOf(context.req.query("purpose"));
  const { incoming } = context.env;
  const largest = Math.max(...Object.values(options.maxBytes));
  if (Number(incoming.headers["content-length"] ?? 0) > largest + FORM_BYTES) throw new ChatError("too_large");
  const maxBytesOf = ({ kind }: FileType): number => {
    if (purpose === "profile" && kind !== "image") throw new ChatError("type_not_allowed");
    return options.maxBytes[kind];
  };
  const received = await receiveFile(incoming, { clock, draftFolder, limits: options, maxBytesOf });
  return uploads.add(received, { ownerId: userId, purpose });
}

function purposeOf(text = "message"): FileRow["purpose"] {
  if (text === "message" || text === "profile") return text;
  throw new ChatError("bad_request", { message: "The purpose is `message` or `profile`" });
}

/** The file, if it is there and the caller may read it; the two are told apart nowhere. */
async function readableFile(
  context: Context<HttpEnvironment>,
  { database: { read }, cookie }: FileRoutesParts,
  id: string,
): Promise<FileRow> {
  const caller = callerOf(context) ?? (await cookie.caller(context.req.header("cookie")));
  if (caller === undefined) throw new ChatError("unauthorized");
  // What is no id never reaches the database, which refuses some characters.
  const row = /^[\w-]{1,64}$/.test(id)
    ? await read.selectFrom("files").selectAll().where("id", "=", id).executeTakeFirst()
    : undefined;
  if (row === undefined || !(await isReadable(read, row, caller.userId))) throw new ChatError("not_found");
  return row;
}

function requireCaller(context: Context<HttpEnvironment>): Caller {
  const caller = callerOf(context);
  if (caller === undefined) throw new ChatError("unauthorized");
  return caller;
}

/** Does the work unless a user has too much of it running. */
async function oneOfFew<TResult>(
  running: Map<string, number>,
  { userId, atOnce }: { readonly userId: string; readonly atOnce: number },
  work: () => Promise<TResult>,
): Promise<TResult> {
  const count = running.get(userId) ?? 0;
  if (count >= atOnce) throw new ChatError("rate_limited", { retryAfterMs: 5_000 });
  running.set(userId, count + 1);
  try {
    return await work();
  } finally {
    const left = (running.get(userId) ?? 1) - 1;
    if (left > 0) running.set(userId, left);
    else running.delete(userId);
  }
}
