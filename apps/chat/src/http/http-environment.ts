import type { HttpBindings } from "@hono/node-server";
import type { Caller } from "../api/handlers.ts";

/** What is known of a request before its route is asked. */
export interface HttpEnvironment {
  readonly Bindings: HttpBindings;
  readonly Variables: {
    /** Who calls, or why the token that was brought is not good; `undefined` without a token. */
    caller: Caller | "unauthorized" | "token_expired" | undefined;
    remoteAddress: string;
  };
}
