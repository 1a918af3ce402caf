import type { ActionName } from "@hutong/chat-api";

import { isRecord } from "../../is-record.ts";
import { CallError } from "./call-error.ts";
import { ROUTES } from "./routes.ts";

/** The part of `fetch` that calls need. */
export type Fetch = (
  url: string,
  request: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string },
) => Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;

/** Calls an action over HTTP; `token` is the access token. Rejects with a {@link CallError} only. */
export type HttpCall = (name: ActionName, input: object, token: string | undefined) => Promise<unknown>;

/** What a request is made of. */
interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly body: string | undefined;
}

/** Makes the HTTP half of the API. */
export function createHttpCall(fetch: Fetch): HttpCall {
  return async (name, input, token) => {
    const { url, method, body } = toRequest(name, input);
    const headers: Record<string, string> = {};
    if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    let answer: unknown;
    let isFine: boolean;
    try {
      const response = await fetch(url, { method, headers, ...(body !== undefined && { body }) });
      isFine = response.ok;
      answer = response.status === 204 ? {} : await response.json();
    } catch (cause) {
      throw new CallError("network", undefined, cause);
    }
    if (!isFine) throw toCallError(isRecord(answer) ? answer["error"] : undefined);
    return answer;
  };
}

/** Reads a refusal: the response of a push, or what an HTTP answer carries as `error`. */
export function toCallError(body: unknown): CallError {
  const { reason, retryAfterMs } = isRecord(body) ? body : {};
  return new CallError(
    typeof reason === "string" ? reason : "internal",
    typeof retryAfterMs === "number" ? retryAfterMs : undefined,
  );
}

/** Puts the fields of an input where they travel: path, query or body. */
export function toRequest(name: ActionName, input: object): HttpRequest {
  const [word = "", path = ""] = ROUTES[name].split(" ");
  const rest = new Map<string, unknown>(Object.entries(input).filter(([, value]) => value !== undefined));
  const filled = path.replaceAll(/\{(\w+)\}/gu, (_, field: string) => {
    const value = String(rest.get(field));
    rest.delete(field);
    return encodeURIComponent(value);
  });
  const method = word.toUpperCase();
  if (method !== "GET" && method !== "DELETE")
    return { url: `/api${filled}`, method, body: JSON.stringify(Object.fromEntries(rest)) };
  const query = new URLSearchParams(Array.from(rest, ([field, value]) => [field, String(value)])).toString();
  return { url: `/api${filled}${query === "" ? "" : `?${query}`}`, method, body: undefined };
}
