import { access } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { StartError } from "./config.ts";

/**
 * The HTTP half of the chat: the page, and the routes that it is given.
 *
 * @throws {StartError} when the page has not been built.
 */
export async function createHttp(pageFolder: string, routes: Hono): Promise<Hono> {
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
        imgSrc: ["'self'", "data:"],
        styleSrc: ["'self'"],
        frameAncestors: ["'self'"],
        objectSrc: ["'none'"],
      },
      referrerPolicy: "no-referrer",
    }),
  );
  http.route("/", routes);
  http.use(serveStatic({ root: pageFolder }));
  return http;
}
