import type { IncomingMessage } from "node:http";
import type { ConnectRequest, QueryParams } from "../connect.ts";
import type { NodeMount } from "./node-mount.ts";

/** A request for a mount. */
export interface MountRequest {
  readonly mount: NodeMount;
  /** How frames will travel. */
  readonly transport: "websocket" | "longpoll";
  /** The HTTP request, not answered yet. */
  readonly request: IncomingMessage;
  /** Values of the path's variables. */
  readonly variables: ReadonlyMap<string, string>;
}

/** A handshake as `connect` handlers see it. They ask for little of it, so it is read when it is asked for. */
export class NodeConnectRequest implements ConnectRequest {
  readonly #mountRequest: MountRequest;
  readonly #query: QueryParams;
  readonly #subprotocolToken: string | undefined;

  /** `subprotocolToken` is the token that came as a subprotocol. */
  constructor(mountRequest: MountRequest, query: QueryParams, subprotocolToken: string | undefined) {
    this.#mountRequest = mountRequest;
    this.#query = query;
    this.#subprotocolToken = subprotocolToken;
  }

  get transport(): string {
    return this.#mountRequest.transport;
  }

  get grammar(): string {
    return this.#mountRequest.mount.grammar.name;
  }

  get url(): URL {
    const { headers, socket, url = "/" } = this.#mountRequest.request;
    const base = `${"encrypted" in socket ? "https" : "http"}://${headers.host ?? "localhost"}`;
    const path = url.split("?", 1)[0] ?? "/";
    return URL.canParse(path, base) ? new URL(path, base) : new URL("http://localhost/");
  }

  get params(): QueryParams {
    const { variables } = this.#mountRequest;
    if (variables.size === 0) return this.#query;
    const params: Record<string, QueryParams[string]> = Object.create(null);
    for (const [name, value] of [...Object.entries(this.#query), ...variables]) params[name] = value;
    return params;
  }

  get token(): string | undefined {
    const { token, jid } = this.#query;
    const header = bearer(this.header("authorization")) ?? this.header("x-jid");
    return header ?? this.authToken ?? text(token) ?? text(jid);
  }

  get authToken(): string | undefined {
    const isLongPoll = this.#mountRequest.transport === "longpoll";
    return this.#subprotocolToken ?? (isLongPoll ? this.header("x-phoenix-authtoken") : undefined);
  }

  get remoteAddress(): string {
    const { mount, request } = this.#mountRequest;
    return mount.addressOf(request);
  }

  get remotePort(): number {
    return this.#mountRequest.request.socket.remotePort ?? 0;
  }

  /** An own function, so that handlers may take it out of the request. */
  get header(): (name: string) => string | undefined {
    const { headers } = this.#mountRequest.request;
    return (name) => {
      if (name === "cookie" && headers.origin === undefined) return undefined;
      const value = headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    };
  }
}

function bearer(header: string | undefined): string | undefined {
  const token = header?.replace(/^Bearer\s+/i, "").trim();
  return token === "" ? undefined : token;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
