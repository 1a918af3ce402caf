import { Hono } from "hono";
import { isAdmin } from "./admin-token.ts";
import type { Metrics } from "./metrics.ts";
import type { Readiness } from "./readiness.ts";

/** What {@link operationsRoutes} answers with. */
export interface OperationsParts {
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Asked of whoever reads `/metrics`; `undefined` asks nobody. */
  readonly adminToken: string | undefined;
}

/** `/healthz`, `/readyz` and `/metrics`. */
export function operationsRoutes({ metrics, readiness, adminToken }: OperationsParts): Hono {
  const routes = new Hono();
  routes.get("/healthz", (context) => context.text("ok"));
  routes.get("/readyz", (context) => {
    const { state } = readiness;
    context.header("cache-control", "no-store");
    return context.json({ state }, state === "ready" ? 200 : 503);
  });
  routes.get("/metrics", async (context) => {
    if (adminToken !== undefined && !isAdmin(context.req.header("authorization"), adminToken)) {
      context.header("www-authenticate", "Bearer");
      return context.text("the admin token is missing or wrong", 401);
    }
    context.header("content-type", metrics.contentType);
    return context.body(await metrics.text());
  });
  return routes;
}
