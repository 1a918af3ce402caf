import { file } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { AddressOf } from "@hutong/server/node";
import { Hono } from "hono";
import { type Kysely, sql } from "kysely";
import { z } from "zod";
import type { FileStore } from "../files/file-store.ts";
import { serveFile } from "../files/serve-file.ts";
import { toChatError } from "../files/to-chat-error.ts";
import { answerError } from "../http/action-routes.ts";
import type { HttpEnvironment } from "../http/http-environment.ts";
import type { FileRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { errorAnswer } from "./answers.ts";
import type { PictureLinks } from "./picture-links.ts";
import { baseOf, identityOf } from "./wafer-routes.ts";
import type { WaferSessions } from "./wafer-sessions.ts";

/** What the routes of pictures answer with. */
export interface PictureRoutesParts {
  readonly waferSessions: WaferSessions;
  readonly links: PictureLinks;
  /** `POST /files`, behind whatever finds out who calls. */
  readonly files: Hono<HttpEnvironment>;
  readonly store: FileStore;
  readonly database: Database<Tables>;
  readonly publicUrl: string | undefined;
  readonly addressOf: AddressOf;
  /** Hears of what no client can understand. */
  readonly failed: (error: unknown) => void;
}

const STORED = z.object({ file });
const REFUSED = z.object({ error: z.object({ reason: z.string() }) });

/**
 * `POST /upload` stores a picture for a client with a wafer session and answers as wafer's own uploads did. Pictures are shown at
 * `/pictures/{id}/{key}` to whoever has the address, as long as a message or a profile shows them.
 */
export function pictureRoutes(parts: PictureRoutesParts): Hono<HttpEnvironment> {
  const { waferSessions, links, store, database, publicUrl, addressOf } = parts;
  const routes = new Hono<HttpEnvironment>();
  const upload = new Hono<HttpEnvironment>();
  upload.use(async (context, next) => {
    context.set("caller", (await identityOf(context, waferSessions))?.caller);
    context.set("remoteAddress", addressOf(context.env.incoming));
    await next();
  });
  upload.route("/", parts.files);
  upload.onError((error, context) => answerError(context, toChatError(error, parts.failed)));
  routes.post("/upload", async (context) => {
    context.header("cache-control", "no-store");
    const { headers } = context.req.raw;
    // The body is read from the connection; this request only names the route.
    const request = new Request("http://localhost/files", { method: "POST", headers });
    const answer = await upload.fetch(request, context.env);
    const body: unknown = await answer.json();
    const stored = STORED.safeParse(body);
    if (stored.success) {
      const { id, name, mime: mimeType, size } = stored.data.file;
      const imgUrl = `${baseOf(context, publicUrl)}${links.pathOf(id)}`;
      return context.json({ code: 0, data: { imgUrl, name, mimeType, size } });
    }
    const reason = REFUSED.safeParse(body).data?.error.reason ?? "internal";
    if (reason === "unauthorized") return context.json(errorAnswer("ERR_INVALID_SESSION", "会话无效，请重新登录"));
    return context.json({ code: 1, error: reason });
  });
  routes.get("/pictures/:id/:key", async (context) => {
    const fileId = links.fileIdOf(new URL(context.req.url).pathname);
    const row = fileId === undefined ? undefined : await shownPicture(database.read, fileId);
    if (row === undefined) return context.text("not found", 404);
    const { id: tag, storage_key: storageKey, mime, name, size } = row;
    const response = await serveFile(context, store, { storageKey, mime, name, tag, size });
    // Mini-programs that run in a page load it from there.
    response.headers.set("cross-origin-resource-policy", "cross-origin");
    return response;
  });
  routes.onError((error, context) => answerError(context, toChatError(error, parts.failed)));
  return routes;
}

/** A picture of a profile; a picture or a recording of a message that is still there. WeChat loads what it is to judge from here. */
async function shownPicture(executor: Kysely<Tables>, fileId: string): Promise<FileRow | undefined> {
  const { rows } = await sql<FileRow>`select files.* from files where files.id = ${fileId}
    and (files.purpose = 'profile' and files.mime like 'image/%' or exists (
      select 1 from file_references join messages on messages.conversation_id = file_references.conversation_id
        and messages.seq = file_references.seq
      where file_references.file_id = files.id and messages.state = 'sent'
        and (files.mime like 'image/%' or messages.type = 'voice')))`.execute(executor);
  return rows[0];
}
