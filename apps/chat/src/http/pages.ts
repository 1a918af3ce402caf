import { access } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { StartError } from "../config.ts";

/** What {@link createHttp} answers with. */
export interface HttpParts {
  /** Everything but the pages. */
  readonly routes: Hono;
  /** Hears of what a route threw and did not answer itself. */
  readonly failed: (place: string, error: unknown) => void;
}

/**
 * The HTTP half of the chat: the page, and the routes that it is given.
 *
 * @throws {StartError} when the page has not been built.
 */
export async function createHttp(pageFolder: string, { routes, failed }: HttpParts): Promise<Hono> {
  try {
    await access(join(pageFolder, "index.html"));
  } catch (cause) {
    throw new StartError(`The chat page is missing in ${pageFolder}; build it with: npm run build -w apps/web`, {
      cause,
    });
  }
  const http = new Hono();
  http.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        connectSrc: ["'self'", "ws:", "wss:"],
        // Pictures and recordings are shown before their upload is done.
        imgSrc: ["'self'", "data:", "blob:"],
        mediaSrc: ["'self'", "blob:"],
        styleSrc: ["'self'"],
        frameAncestors: ["'self'"],
        objectSrc: ["'none'"],
      },
      referrerPolicy: "no-referrer",
      // Files and the page of the API have stricter or other rules of their own.
      overwrite: false,
    }),
  );
  http.route("/", routes);
  for (const page of ["lobby", "demo"]) http.get(`/${page}`, serveStatic({ root: pageFolder, path: `${page}.html` }));
  // Links into the chat: an invitation, and somebody's profile.
  for (const link of ["/join/:token", "/u/:userId"])
    http.get(link, serveStatic({ root: pageFolder, path: "index.html" }));
  http.use(serveStatic({ root: pageFolder }));
  http.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse();
    failed("http", error);
    return context.text("Something failed inside.", 500);
  });
  return http;
}
