import type { ActionName } from "@hutong/chat-api";

import { isRecord } from "../is-record.ts";
import { CallError, toCallError } from "./call-error.ts";
import { ROUTES } from "./routes.ts";

/** A request of the chat's HTTP API. */
export interface HttpRequest {
  /** WeChat has no PATCH, so the API has none. */
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the server's address, with the query; begins with `/api`. */
  readonly path: string;
  /** Names and values; what the body is, is for the sender to say. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be sent as JSON; `undefined` for none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** What came back, whatever its status. */
export interface HttpAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The JSON value of the body; anything where there is none. */
  readonly body: unknown;
}

/** Sends a request. MUST resolve with every answer of the server, and MUST reject when none came. */
export type SendRequest = (request: HttpRequest) => Promise<HttpAnswer>;

/** Calls an action over HTTP; `token` is the access token. Rejects with a {@link CallError} only. */
export type HttpCall = (name: ActionName, input: object, token: string | undefined) => Promise<unknown>;

const METHODS = ["GET", "POST", "PUT", "DELETE"] as const;

/**
 * Makes the HTTP half of the API.
 *
 * @example
 * ```ts
 * const http = createHttpCall(sendByFetch(fetch, "https://chat.example.com"));
 * ```
 */
export function createHttpCall(send: SendRequest): HttpCall {
  return async (name, input, token) => {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    let answer: HttpAnswer;
    try {
      answer = await send({ ...toRequest(name, input), headers });
    } catch (cause) {
      throw new CallError("network", undefined, cause);
    }
    return readAnswer(answer);
  };
}

/** The value of an answer. @throws {CallError} the refusal that it is. */
export function readAnswer({ status, body }: HttpAnswer): unknown {
  if (status >= 200 && status < 300) return body;
  throw toCallError(isRecord(body) ? body["error"] : undefined);
}

/** Puts the fields of an input where they travel: path, query or body. */
export function toRequest(name: ActionName, input: object): Omit<HttpRequest, "headers"> {
  const [word = "", path = ""] = ROUTES[name].split(" ");
  const method = METHODS.find((one) => one === word) ?? "GET";
  const rest = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path.replace(/\{(\w+)\}/g, (_, field: string) => {
    const value = String(rest.get(field));
    rest.delete(field);
    return encodeURIComponent(value);
  });
  if (method === "POST" || method === "PUT") {
    const body: Record<string, unknown> = {};
    // The names are those of an action's input, never a stranger's.
    for (const [field, value] of rest) body[field] = value;
    return { method, path: `/api${filled}`, body };
  }
  const query = [...rest].map(([field, value]) => `${field}=${encodeURIComponent(String(value))}`).join("&");
  return { method, path: `/api${filled}${query === "" ? "" : `?${query}`}`, body: undefined };
}
