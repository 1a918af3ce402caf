import type { Refuse } from "./results.ts";

/** Query parameters, nested the way Plug reads them: `a[b]=c` is `{ a: { b: "c" } }`. Objects have no prototype. */
export interface QueryParams {
  /** A text, more of the same, or a list. */
  readonly [name: string]: string | QueryParams | readonly (string | QueryParams)[];
}

/** What a `connect` handler may know of a handshake. */
export interface ConnectRequest {
  /** `"websocket"` or `"longpoll"`. */
  readonly transport: string;
  /** `"phoenix"`, `"action-cable"`, or the name of a grammar of the application's own. */
  readonly grammar: string;
  /** Host, path and port as the client asked for them; without the query, which may hold a token. */
  readonly url: URL;
  /** Query parameters and path variables. */
  readonly params: QueryParams;
  /**
   * The token, from the first place that has one: `Authorization` (with or without `Bearer`), `x-jid`,
   * `X-Phoenix-AuthToken`, the subprotocol, then the `token` and `jid` query parameters.
   */
  readonly token: string | undefined;
  /** The token that came where Phoenix clients put it: the subprotocol, or `X-Phoenix-AuthToken` over long poll. */
  readonly authToken: string | undefined;
  /** The client's address: that of its end of the TCP connection, or the one that a trusted proxy names. */
  readonly remoteAddress: string;
  /** Port of the client's end of the TCP connection. */
  readonly remotePort: number;
  /**
   * A header by its lower-case name. `cookie` is withheld from requests without an `Origin`, because only
   * the origin check makes cookies safe to trust.
   */
  readonly header: (name: string) => string | undefined;
}

/** What a `connect` handler answers to let a client in. */
export interface ConnectionAdmission<TAssigns extends object = object> {
  /** Data of the connection; every channel gets a copy. */
  readonly assigns?: TAssigns;
  /** Names the connection for `disconnect`; connections may share an id, such as `users:42`. */
  readonly id?: string;
  /** Names the token that let the client in, for `revoke`; such as the `jti` of a JWT, never the token itself. */
  readonly tokenId?: string;
  /** When the token expires, in milliseconds since 1970; the connection is then closed with `token_expired`. @defaultValue never */
  readonly expiresAtMs?: number;
}

/** Decides who may connect. What it throws refuses the client with status 500. */
export type ConnectHandler<TAssigns extends object = object> = (
  request: ConnectRequest,
) => ConnectionAdmission<TAssigns> | Refuse | Promise<ConnectionAdmission<TAssigns> | Refuse>;
