import { type ActionName, ACTIONS } from "@hutong/chat-api";
import { z } from "zod";
import { ChatError } from "./chat-error.ts";
import type { AnonymousCall, Caller, Handlers } from "./handlers.ts";
import { toStorable } from "./to-storable.ts";

/** A call as it comes in, over HTTP or over the socket. */
export interface IncomingCall extends AnonymousCall {
  /** `undefined` without a session. */
  readonly caller: Caller | undefined;
}

/** Checks who calls and what is given, and does what the action says. */
export type Perform = (name: ActionName, input: unknown, call: IncomingCall) => Promise<object>;

/** The one way to an action: the same checks in the same order, whatever the caller came by. */
export function createPerform(handlers: Handlers): Perform {
  return async (name, input, call) => {
    const { access, input: schema } = ACTIONS[name];
    if (access !== "anyone" && call.caller === undefined) throw new ChatError("unauthorized");
    if (access === "user" && call.caller?.kind === "visitor") throw new ChatError("users_only");
    const parsed = schema.safeParse(toStorable(input));
    if (!parsed.success) throw new ChatError("bad_request", { message: z.prettifyError(parsed.error) });
    // The table pairs each name with its schema and its handler, which TypeScript cannot follow through `name`; the
    // schema has just checked the input, and `access` the caller.
    const handler = handlers[name] as (input: unknown, call: IncomingCall) => Promise<object>;
    return handler(parsed.data, call);
  };
}
