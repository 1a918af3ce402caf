import type { IncomingMessage } from "node:http";
import type { Negotiation, WireProtocol } from "@hutong/protocol";
import type { ConnectionAdmission, QueryParams } from "../connect.ts";
import type { ConnectOutcome } from "../connection/mount.ts";
import type { ConnectionRefusal } from "../telemetry.ts";
import { type MountRequest, NodeConnectRequest } from "./connect-request.ts";
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

type Agreed = Extract<Negotiation, { kind: "agreed" }>;

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
 * (PHX: order of checks). Never throws or rejects; there is a promise only where the handler has one.
 */
export function shakeHands(mountRequest: MountRequest): Handshake | Promise<Handshake> {
  try {
    const decided = decide(mountRequest);
    return decided instanceof Promise ? decided.catch(toFailure) : decided;
  } catch (cause) {
    return toFailure(cause);
  }
}

function decide(mountRequest: MountRequest): Handshake | Promise<Handshake> {
  const { mount, request } = mountRequest;
  const { headers } = request;
  if (!mount.server.hasRoom) return refusal(mount.server.state === "running" ? "overloaded" : "draining", 503);
  if (mount.isOverloaded()) return refusal("overloaded", 503);
  const waitMs = mount.server.countHandshake(mount.addressOf(request));
  if (waitMs > 0) return { ...refusal("rate_limited", 429), retryAfterSeconds: Math.ceil(waitMs / 1_000) };
  if (headers.host === undefined) return refusal("bad_request", 400);
  if (!isOriginAllowed(mount.origins, headers.origin, headers.host)) return refusal("origin", 403);
  const query = queryOf(request);
  if (query === undefined) return refusal("bad_request", (request.url ?? "").length > MAX_TARGET_LENGTH ? 414 : 400);
  const negotiation = negotiate(mountRequest, query);
  if (negotiation.kind === "disagreed") return refusal(negotiation.reason, 403);
  const connectRequest = new NodeConnectRequest(mountRequest, query, negotiation.token);
  if (headers.origin === undefined && mount.originless === "with_token" && connectRequest.token === undefined)
    return refusal("origin", 403);
  const outcome = mount.runtime.admit(connectRequest);
  return outcome instanceof Promise
    ? outcome.then((late) => toHandshake(mount, negotiation, late))
    : toHandshake(mount, negotiation, outcome);
}

function negotiate({ mount, transport, request }: MountRequest, { vsn }: QueryParams): Negotiation {
  const subprotocols = transport === "websocket" ? listOf(request.headers["sec-websocket-protocol"]) : [];
  return mount.grammar.negotiate({ vsn: vsn === undefined || typeof vsn === "string" ? vsn : "", subprotocols });
}

function toHandshake(mount: NodeMount, agreed: Agreed, outcome: ConnectOutcome): Handshake {
  const { wireProtocol, subprotocol } = agreed;
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

/** An origin policy or a refusal of the application threw. */
function toFailure(cause: unknown): RefusedHandshake {
  return refusal("connect_failed", 500, "", cause);
}

function refusal(why: ConnectionRefusal, status: number, body = "", cause?: unknown): RefusedHandshake {
  return { kind: "refused", why, status, body, wireProtocol: undefined, subprotocol: undefined, cause };
}

function listOf(header: string | undefined): readonly string[] {
  if (header === undefined) return [];
  const entries = header.split(",").map((entry) => entry.trim());
  return entries.filter((entry) => entry !== "");
}
