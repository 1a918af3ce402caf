import { type AddressOf, isOriginAllowed, type OriginPolicy } from "@hutong/server/node";
import type { Clock } from "@hutong/server/plugin";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { ChatError } from "../api/chat-error.ts";
import type { Services } from "../services.ts";
import { actionRoutes, answerError, answerFailure } from "./action-routes.ts";
import { apiDocs } from "./api-docs.ts";
import type { HttpEnvironment } from "./http-environment.ts";
import { identify } from "./identify.ts";
import { openApiDocument } from "./open-api.ts";

/** What {@link apiRoutes} answers with. */
export interface ApiParts {
  readonly services: Services;
  readonly addressOf: AddressOf;
  readonly clock: Clock;
  /** Which pages may call. */
  readonly origins: OriginPolicy;
  readonly version: string;
  /** Hears of what a handler threw that is no `ChatError`. */
  readonly failed: (place: string, error: unknown) => void;
}

/** Everything under `/api`. */
export function apiRoutes({ services, addressOf, clock, origins, version, failed }: ApiParts): Hono<HttpEnvironment> {
  const { perform, accounts, files, idempotentCalls } = services;
  const api = new Hono<HttpEnvironment>();
  api.use(
    cors({ origin: (origin, { req }) => (isOriginAllowed(origins, origin, req.header("host")) ? origin : null) }),
  );
  api.use(identify(accounts.authenticate, addressOf));
  api.route("/", files.routes);
  api.route(
    "/",
    actionRoutes({ perform, idempotentCalls, rates: accounts.rates, clock, fileCookie: files.cookie, failed }),
  );
  api.all("*", (context) => answerError(context, new ChatError("not_found")));
  api.onError((error, context) => answerFailure(context, error, (cause) => failed("http", cause)));
  const routes = new Hono<HttpEnvironment>();
  routes.route("/", apiDocs(openApiDocument(version)));
  routes.route("/api", api);
  return routes;
}
