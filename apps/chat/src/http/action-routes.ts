import { type ActionName, ACTIONS, CHAT_ERROR_CODES, session as sessionSchema } from "@hutong/chat-api";
import type { Clock } from "@hutong/server/plugin";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ChatError } from "../api/chat-error.ts";
import type { Caller } from "../api/handlers.ts";
import type { Perform } from "../api/perform.ts";
import type { FileCookie } from "../files/file-cookie.ts";
import type { HttpEnvironment } from "./http-environment.ts";
import type { IdempotentCalls } from "./idempotent-calls.ts";

/** A message body is 12 KiB at most; lists of ids stay below the rest. */
const MAX_BODY_BYTES = 65_536;
const BODY_TIMEOUT_MS = 30_000;

/** What the routes of the actions need. */
export interface ActionRoutesParts {
  readonly perform: Perform;
  readonly idempotentCalls: IdempotentCalls;
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
  clock,
  fileCookie,
  failed,
}: ActionRoutesParts): Hono<HttpEnvironment> {
  const routes = new Hono<HttpEnvironment>();
  const tooLarge = (context: Context) => answerError(context, new ChatError("too_large"));
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    // keys of a closed table
    const { method, path } = ACTIONS[name];
    const route = path.replaceAll(/\{(\w+)\}/g, ":$1");
    routes.on(
      method.toUpperCase(),
      route,
      bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }),
      async (context) => {
        try {
          const caller = callerOf(context);
          const input = { ...(await givenInput(context, method, clock)), ...context.req.param() };
          const run = () => perform(name, input, { caller, remoteAddress: context.get("remoteAddress") });
          const key = context.req.header("idempotency-key");
          const output =
            method === "post" && key !== undefined && caller !== undefined
              ? await idempotentCalls.once({ userId: caller.userId, key, request: { name, input } }, run)
              : await run();
          const session = ACTIONS[name].output === sessionSchema ? sessionSchema.parse(output) : undefined;
          if (session !== undefined) context.header("set-cookie", fileCookie.headerFor(session));
          return context.json(output);
        } catch (error) {
          if (error instanceof ChatError) return answerError(context, error);
          failed(name, error);
          return answerError(context, new ChatError("internal"));
        }
      },
    );
  }
  return routes;
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
  const text = await withinTime(context.req.text(), clock);
  if (text === "") return {};
  const body: unknown = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new ChatError("bad_request", { message: "The body is no JSON object" });
  return { ...body };
}

/** Who sends a small body for so long holds a connection for nothing. */
function withinTime(body: Promise<string>, clock: Pick<Clock, "after">): Promise<string> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(BODY_TIMEOUT_MS, () =>
      reject(new ChatError("bad_request", { message: "The body took too long" })),
    );
    body.finally(cancel).then(resolve, reject);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ChatError("bad_request", { message: "The body is no JSON", cause });
  }
}
