import type { AddressOf } from "@hutong/server/node";
import type { MiddlewareHandler } from "hono";
import type { Authenticate } from "../accounts/authenticate.ts";
import type { HttpEnvironment } from "./http-environment.ts";

/** Finds out for every request who calls and from where. Whether a caller is needed is for the routes to say. */
export function identify(authenticate: Authenticate, addressOf: AddressOf): MiddlewareHandler<HttpEnvironment> {
  return async (context, next) => {
    context.set("remoteAddress", addressOf(context.env.incoming));
    const token = /^Bearer +(\S+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
    if (token !== undefined) context.set("caller", await authenticate(token));
    // Answers are one caller's own.
    context.header("cache-control", "no-store");
    await next();
  };
}
