import type { SendRequest } from "./http-call.ts";

/** The part of `fetch` that calls need. */
export type Fetch = (
  url: string,
  request: { readonly method: string; readonly headers: Record<string, string>; readonly body?: string },
) => Promise<{ readonly status: number; json(): Promise<unknown> }>;

/** Sends requests with `fetch`, to the server at `url`; without one, to where the page is from. */
export function sendByFetch(fetch: Fetch, url = ""): SendRequest {
  return async ({ method, path, headers, body }) => {
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, ...type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: response.status === 204 ? {} : await response.json() };
  };
}
