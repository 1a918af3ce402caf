import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { absolutePath } from "swagger-ui-dist";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Hutong API</title>
    <link rel="stylesheet" href="/api/docs/assets/swagger-ui.css" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/api/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  validatorUrl: null,
});
`;

/** `/api/openapi.json`, and a page at `/api/docs` that reads it and lets one try the calls. */
export function apiDocs(document: object): Hono {
  const routes = new Hono();
  routes.get("/api/openapi.json", (context) => context.json(document));
  // Swagger UI styles its elements in place and draws its icons from data URLs.
  const headers = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:"],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
  routes.get("/api/docs", headers, (context) => context.html(PAGE));
  routes.get("/api/docs/start.js", headers, (context) => {
    context.header("content-type", "text/javascript; charset=utf-8");
    return context.body(START);
  });
  routes.get(
    "/api/docs/assets/:name{swagger-ui(-bundle\\.js|\\.css)}",
    headers,
    serveStatic({ root: absolutePath(), rewriteRequestPath: (path) => path.slice("/api/docs/assets".length) }),
  );
  return routes;
}
