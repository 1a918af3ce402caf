import type { IncomingMessage } from "node:http";
import type { WireProtocol } from "@hutong/protocol";
import type { ConnectionAdmission, ConnectRequest, QueryParams } from "../connect.ts";
import type { ConnectionRefusal } from "../telemetry.ts";
import type { NodeMount } from "./node-mount.ts";
import { isOriginAllowed } from "./origin.ts";
import { MAX_TARGET_LENGTH, parseQuery } from "./query.ts";

/** What became of a handshake. */
export type Handshake =
  | {
      readonly kind: "admitted";
      readonly admission: ConnectionAdmission;
      readonly wireProtocol: WireProtocol;
      readonly subprotocol: string | undefined;
    }
  | {
      readonly kind: "refused";
      readonly why: ConnectionRefusal;
      readonly status: number;
      readonly body: string;
      /** When the client may try again; `undefined` leaves it open. */
      readonly retryAfterSeconds?: number;
      /** Set when the client's grammar was agreed and its `connect` handler said no. */
      readonly wireProtocol: WireProtocol | undefined;
      readonly subprotocol: string | undefined;
      readonly cause: unknown;
    };

/** A {@link Handshake} that was refused. */
export type RefusedHandshake = Extract<Handshake, { kind: "refused" }>;

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

/** Reads a query, or `undefined` when it is malformed or beyond a limit. */
export function queryOf(request: IncomingMessage): QueryParams | undefined {
  const target = request.url ?? "/";
  if (target.length > MAX_TARGET_LENGTH) return undefined;
  const question = target.indexOf("?");
  try {
    return parseQuery(question < 0 ? "" : target.slice(question));
  } catch {
    return undefined; // parseQuery throws only URIError
  }
}

/**
 * Decides about a handshake, in Phoenix's order: origin, subprotocol and version, then the `connect` handler
 * (PHX: order of checks). Never rejects.
 */
export async function shakeHands(mountRequest: MountRequest): Promise<Handshake> {
  try {
    return await decide(mountRequest);
  } catch (cause) {
    return refusal("connect_failed", 500, "", cause); // an origin policy or a refusal of the application threw
  }
}

async function decide({ mount, transport, request, variables }: MountRequest): Promise<Handshake> {
  const { headers } = request;
  if (!mount.server.hasRoom) return refusal(mount.server.state === "running" ? "overloaded" : "draining", 503);
  if (mount.isOverloaded()) return refusal("overloaded", 503);
  const waitMs = mount.server.countHandshake(mount.addressOf(request));
  if (waitMs > 0) return { ...refusal("rate_limited", 429), retryAfterSeconds: Math.ceil(waitMs / 1_000) };
  if (headers.host === undefined) return refusal("bad_request", 400);
  if (!isOriginAllowed(mount.origins, headers.origin, headers.host)) return refusal("origin", 403);
  const query = queryOf(request);
  if (query === undefined) return refusal("bad_request", (request.url ?? "").length > MAX_TARGET_LENGTH ? 414 : 400);
  const subprotocols = transport === "websocket" ? listOf(headers["sec-websocket-protocol"]) : [];
  const { vsn } = query;
  const negotiation = mount.grammar.negotiate({
    vsn: vsn === undefined || typeof vsn === "string" ? vsn : "",
    subprotocols,
  });
  if (negotiation.kind === "disagreed") return refusal(negotiation.reason, 403);
  const { wireProtocol, subprotocol, token } = negotiation;
  const connectRequest = toConnectRequest({ mount, transport, request, variables }, query, token);
  if (headers.origin === undefined && mount.originless === "with_token" && connectRequest.token === undefined)
    return refusal("origin", 403);
  const outcome = await mount.runtime.admit(connectRequest);
  switch (outcome.kind) {
    case "admitted":
      return { kind: "admitted", admission: outcome.admission, wireProtocol, subprotocol };
    case "refused": {
      const { status, body = "" } = mount.refusal(outcome.response);
      return { ...refusal("connect_refused", status, body), wireProtocol, subprotocol };
    }
    case "failed":
      return { ...refusal("connect_failed", 500, "", outcome.cause), wireProtocol, subprotocol };
    case "timeout":
      return { ...refusal("connect_timeout", 503), wireProtocol, subprotocol };
    default:
      return outcome satisfies never;
  }
}

function refusal(why: ConnectionRefusal, status: number, body = "", cause?: unknown): RefusedHandshake {
  return { kind: "refused", why, status, body, wireProtocol: undefined, subprotocol: undefined, cause };
}

function listOf(header: string | undefined): readonly string[] {
  const entries = header?.split(",").map((entry) => entry.trim()) ?? [];
  return entries.filter((entry) => entry !== "");
}

function toConnectRequest(
  { mount, transport, request, variables }: MountRequest,
  query: QueryParams,
  token: string | undefined,
): ConnectRequest {
  const { headers, socket } = request;
  const header = (name: string): string | undefined => {
    if (name === "cookie" && headers.origin === undefined) return undefined;
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : value;
  };
  const params: Record<string, QueryParams[string]> = Object.create(null);
  for (const [name, value] of [...Object.entries(query), ...variables]) params[name] = value;
  const scheme = "encrypted" in socket ? "https" : "http";
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const base = `${scheme}://${headers.host ?? "localhost"}`;
  const authToken = token ?? (transport === "longpoll" ? header("x-phoenix-authtoken") : undefined);
  return {
    transport,
    grammar: mount.grammar.name,
    // Parsed when it is asked for, which is seldom.
    get url() {
      return URL.canParse(path, base) ? new URL(path, base) : new URL("http://localhost/");
    },
    params,
    token:
      bearer(header("authorization")) ?? header("x-jid") ?? authToken ?? text(query["token"]) ?? text(query["jid"]),
    authToken,
    remoteAddress: mount.addressOf(request),
    remotePort: socket.remotePort ?? 0,
    header,
  };
}

function bearer(header: string | undefined): string | undefined {
  const token = header?.replace(/^Bearer\s+/i, "").trim();
  return token === "" ? undefined : token;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
