import { type ActionName, ACTIONS, CHAT_ERROR_CODES, session as sessionSchema } from "@hutong/chat-api";
import type { Clock } from "@hutong/server/plugin";
import { type Context, Hono } from "hono";
import type { Rates } from "../accounts/rates.ts";
import { ChatError } from "../api/chat-error.ts";
import type { Caller } from "../api/handlers.ts";
import type { Perform } from "../api/perform.ts";
import type { FileCookie } from "../files/file-cookie.ts";
import type { HttpEnvironment } from "./http-environment.ts";
import type { IdempotentCalls } from "./idempotent-calls.ts";
import { readBody } from "./read-body.ts";

/** What the routes of the actions need. */
export interface ActionRoutesParts {
  readonly perform: Perform;
  readonly idempotentCalls: Pick<IdempotentCalls, "once">;
  readonly rates: Pick<Rates, "take">;
  readonly clock: Pick<Clock, "after">;
  /** Goes with the answers that carry a session, for the elements of pages that load files. */
  readonly fileCookie: Pick<FileCookie, "headerFor">;
  /** Hears of what a handler threw that is no `ChatError`. */
  readonly failed: (action: string, error: unknown) => void;
}

/** Every action at its method and path: the input is what path, query and JSON body give together. */
export function actionRoutes({
  perform,
  idempotentCalls,
  rates,
  clock,
  fileCookie,
  failed,
}: ActionRoutesParts): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    // keys of a closed table
    const { method, path } = ACTIONS[name];
    const route = path.replaceAll(/\{(\w+)\}/g, ":$1");
    routes.on(method.toUpperCase(), route, async (context) => {
      try {
        const caller = callerOf(context);
        const remoteAddress = context.get("remoteAddress");
        // Actions without a session have rates of their own.
        if (caller !== undefined) rates.take("call", { remoteAddress, account: caller.userId });
        const input = { ...(await givenInput(context, method, clock)), ...context.req.param() };
        const run = () => perform(name, input, { caller, remoteAddress });
        const key = context.req.header("idempotency-key");
        const output =
          method === "post" && key !== undefined && caller !== undefined && isKept(name)
            ? await idempotentCalls.once({ userId: caller.userId, key, request: { name, input } }, run)
            : await run();
        const session = ACTIONS[name].output === sessionSchema ? sessionSchema.parse(output) : undefined;
        if (session !== undefined) context.header("set-cookie", fileCookie.headerFor(session));
        return context.json(output);
      } catch (error) {
        return answerFailure(context, error, (cause) => failed(name, cause));
      }
    });
  }
  return routes;
}

/**
 * Whether the answer of an action is kept for a repetition. What opens a session would lie in the database in plain
 * text, and what only reads can be repeated without.
 */
function isKept(name: ActionName): boolean {
  return ACTIONS[name].access !== "anyone" && !["create_ticket", "sync", "heartbeat"].includes(name);
}

/** Answers with what a handler threw; `failed` hears of it when no caller can understand it. */
export function answerFailure(context: Context, error: unknown, failed: (error: unknown) => void): Response {
  if (error instanceof ChatError) return answerError(context, error);
  failed(error);
  return answerError(context, new ChatError("internal"));
}

/** Answers with the status that mirrors the error's code. */
export function answerError(context: Context, error: ChatError): Response {
  const { status } = CHAT_ERROR_CODES[error.code];
  if (error.retryAfterMs !== undefined) context.header("retry-after", String(Math.ceil(error.retryAfterMs / 1_000)));
  if (status === 401) context.header("www-authenticate", "Bearer");
  return context.json({ error: error.toBody() }, status);
}

/**
 * The caller that the request proves to be; `undefined` when it says nothing of one.
 *
 * @throws {ChatError} when the token that it brings is not good.
 */
export function callerOf(context: Context<HttpEnvironment>): Caller | undefined {
  const caller = context.get("caller");
  if (typeof caller === "string") throw new ChatError(caller);
  return caller;
}

async function givenInput(
  context: Context,
  method: string,
  clock: Pick<Clock, "after">,
): Promise<Record<string, unknown>> {
  if (method === "get" || method === "delete") return context.req.query();
  const text = await readBody(context, clock);
  if (text === "") return {};
  const body: unknown = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new ChatError("bad_request", { message: "The body is no JSON object" });
  return { ...body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ChatError("bad_request", { message: "The body is no JSON", cause });
  }
}
