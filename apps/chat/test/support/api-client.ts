import type { ActionInput, ActionName, ActionOutput, Session } from "@hutong/chat-api";
import { ACTIONS } from "@hutong/chat-api";

/** What the API answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Calls the API over HTTP as a program would, with nothing but the table of actions. */
export class ApiClient {
  readonly #url: string;
  readonly session: Session | undefined;

  constructor(url: string, session?: Session) {
    this.#url = url;
    this.session = session;
  }

  /** Makes an account and gives the client of its session. */
  async register(username: string, deviceKey = `device-of-${username}`): Promise<ApiClient & { session: Session }> {
    const session = await this.call("register", {
      username,
      password: "correct horse battery",
      device: { key: deviceKey, platform: "web", name: "test" },
    });
    return Object.assign(new ApiClient(this.#url, session), { session });
  }

  /** Calls an action; rejects with the error's reason when it is refused. */
  async call<TName extends ActionName>(name: TName, input: ActionInput<TName>): Promise<ActionOutput<TName>> {
    const { status, body } = await this.send(name, input);
    if (status !== 200) throw new Error(reasonOf(body) ?? `status ${status}`);
    return body as ActionOutput<TName>; // the server's answer is what the tests are about
  }

  /** Calls an action and gives whatever is answered. */
  async send(name: ActionName, input: object, headers: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> {
    const { method, path } = ACTIONS[name];
    const rest = new Map(Object.entries(input));
    const place = path.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
      const value = rest.get(field);
      rest.delete(field);
      return encodeURIComponent(String(value));
    });
    const isQuery = method === "get" || method === "delete";
    const query = isQuery ? `?${new URLSearchParams([...rest].map(([field, value]) => [field, String(value)]))}` : "";
    return this.request(`${place}${query}`, {
      method: method.toUpperCase(),
      headers: { "content-type": "application/json", ...headers },
      ...(!isQuery && { body: JSON.stringify(Object.fromEntries(rest)) }),
    });
  }

  /** Asks for a path below `/api` with the session's token. */
  async request(
    path: string,
    init: Omit<RequestInit, "headers"> & { readonly headers?: Record<string, string> } = {},
  ): Promise<ApiAnswer> {
    const authorization = this.session && { authorization: `Bearer ${this.session.accessToken}` };
    const response = await fetch(`${this.#url}/api${path}`, {
      ...init,
      headers: { ...authorization, ...init.headers },
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }
}

/** The reason in an error's body. */
export function reasonOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("error" in body)) return undefined;
  const { error } = body;
  return typeof error === "object" && error !== null && "reason" in error ? String(error.reason) : undefined;
}
