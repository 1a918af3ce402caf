import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { isAdmin } from "../operations/admin-token.ts";
import type { Inspector } from "./inspector.ts";
import { isLocalRequest } from "./local-request.ts";

/** Parts of {@link inspectorRoutes}. */
export interface InspectorParts {
  readonly inspector: Inspector;
  /** Asked of whoever looks; `undefined` lets in requests that come from this machine, by its own names. */
  readonly adminToken: string | undefined;
  /** Folder of the built page. */
  readonly pageFolder: string;
}

/** Longest search text, in characters. */
const MAX_SEARCH_LENGTH = 200;

/** The page at `/inspector` and what it asks under `/inspector/api`. */
export function inspectorRoutes({ inspector, adminToken, pageFolder }: InspectorParts): Hono {
  const routes = new Hono();
  routes.use("/inspector/api/*", async (context, next) => {
    context.header("cache-control", "no-store");
    const refusal = refusalFor(context, adminToken);
    return refusal === undefined ? next() : context.json({ reason: refusal }, refusal === "token" ? 401 : 403);
  });
  routes.get("/inspector", async (context) => {
    // The page holds nothing of the server; what it shows it must ask for.
    const page = await readPage(pageFolder);
    context.header("cache-control", "no-cache");
    if (page !== undefined) return context.html(page);
    return context.text("The page of the inspector is missing; build it with: npm run build -w apps/web", 404);
  });
  routes.get("/inspector/", (context) => context.redirect("/inspector"));
  routes.get("/inspector/api/snapshot", (context) =>
    context.json(inspector.snapshot((context.req.query("search") ?? "").slice(0, MAX_SEARCH_LENGTH))),
  );
  routes.get("/inspector/api/connections/:id/trace", (context) => {
    const running = inspector.trace(context.req.param("id"));
    if (running === undefined) return context.json({ reason: "gone" }, 404);
    return streamSSE(context, async (stream) => {
      stream.onAbort(() => running.stop());
      try {
        for (;;) {
          const batch = await running.trace.next();
          if (stream.aborted) return;
          const [event, data] = typeof batch === "string" ? ["end", { why: batch }] : ["frames", batch];
          await stream.writeSSE({ event, data: JSON.stringify(data) });
          if (typeof batch === "string") return;
        }
      } finally {
        running.stop();
      }
    });
  });
  return routes;
}

async function readPage(pageFolder: string): Promise<string | undefined> {
  try {
    return await readFile(join(pageFolder, "inspector.html"), "utf8");
  } catch {
    return undefined; // the page was built before there was an inspector, or by hand
  }
}

function refusalFor({ req }: Context, adminToken: string | undefined): "token" | "not_local" | undefined {
  if (adminToken !== undefined) return isAdmin(req.header("authorization"), adminToken) ? undefined : "token";
  return isLocalRequest((name) => req.header(name)) ? undefined : "not_local";
}
