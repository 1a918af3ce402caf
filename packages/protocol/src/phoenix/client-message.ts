import { isCount, isJsonObject } from "../json.ts";
import type { ClientMessage } from "../message.ts";
import { readPosition, type RecoverRequest } from "../stream-position.ts";
import { parseRef, parseTopic } from "./phoenix-message.ts";

/**
 * Reads `[join_ref, ref, topic, event, payload]`, not validated yet. An array
 * rather than an object, because that is what a V2 frame parses to.
 *
 * @throws {ProtocolError} when a ref or the topic has the wrong type.
 */
export function toClientMessage(elements: readonly unknown[]): ClientMessage {
  const joinRef = parseRef(elements[0]);
  const ref = parseRef(elements[1]);
  const key = parseTopic(elements[2]);
  const event = elements[3];
  const payload = elements[4];
  if (event === "phx_join") {
    return { kind: "join", key, target: { kind: "topic", topic: key }, joinRef, ref, ...toJoinParams(payload) };
  }
  if (event === "phx_leave") return { kind: "leave", key, joinRef, ref };
  if (event === "heartbeat" && key === "phoenix") return { kind: "heartbeat", ref };
  // An event of another type becomes one that no handler knows, so that only the
  // channel suffers and not the connection (PHX-22).
  return { kind: "push", key, joinRef, ref, event: typeof event === "string" ? event : JSON.stringify(event), payload };
}

/** The join parameter by which a client that has no position asks for history: `{ last }` or `{ since }`. */
const RECOVER_PARAM = "$recover";

/** Takes the request for history out of the join parameters, so that no channel's schema has to know it. */
function toJoinParams(payload: unknown): { readonly params: unknown; readonly recover?: RecoverRequest } {
  if (!isJsonObject(payload) || !Object.hasOwn(payload, RECOVER_PARAM)) return { params: payload };
  const { [RECOVER_PARAM]: asked, ...params } = payload;
  return { params, recover: readRecoverParam(asked) };
}

function readRecoverParam(asked: unknown): RecoverRequest {
  const { last, since } = isJsonObject(asked) ? asked : {};
  if (isCount(last)) return { kind: "last", count: last };
  return isCount(since) ? { kind: "since", sinceMs: since } : { kind: "malformed" };
}

/**
 * Adds what the sixth element says: the position of a join, which takes the place of the join parameter, or the id of a
 * push. `undefined` and `null` say nothing, and neither does an element beside another message.
 */
export function withExtension(message: ClientMessage, extension: unknown): ClientMessage {
  if (extension === undefined || extension === null) return message;
  if (message.kind === "push" && isPushId(extension)) return { ...message, pushId: extension };
  return message.kind === "join" ? { ...message, recover: readPositionRequest(extension) } : message;
}

function readPositionRequest(extension: unknown): RecoverRequest {
  const position = readPosition(extension);
  return position === undefined ? { kind: "malformed" } : { kind: "position", position };
}

function isPushId(value: unknown): value is string {
  return typeof value === "string" && value.length >= 16 && value.length <= 64;
}
