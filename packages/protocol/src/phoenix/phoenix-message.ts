import { ProtocolError } from "../errors.ts";
import type { Ref } from "../message.ts";

/** The elements of a Phoenix frame, whatever its encoding: five, and a sixth between Hutong and its own client. */
export interface PhoenixMessage {
  /** `null` on broadcasts and heartbeats. */
  readonly joinRef: Ref;
  readonly ref: Ref;
  /** The topic of the channel, or `"phoenix"` for heartbeats. */
  readonly topic: string;
  /** The event, or one of Phoenix's own, which begin with `phx_`. */
  readonly event: string;
  /** A JSON value, or bytes. */
  readonly payload: unknown;
  /**
   * The sixth element. To the client: the stamp of a broadcast, or the report of a join. To the server: the position of
   * a join, or the id of a push.
   */
  readonly extension?: unknown;
}

/** The event by which a client is moved past a message that is not for it; its stamp is the sixth element. */
export const SKIP_EVENT = "hutong_skip";

/**
 * The text frame of V2: an array of the elements, of six only where there is an extension. The extension may stand beside
 * the message, because a copy of the message with it costs four times as much as the writing.
 */
export function writeTextFrame(message: PhoenixMessage, extension = message.extension): string {
  const { joinRef, ref, topic, event, payload } = message;
  const elements = [joinRef, ref, topic, event, payload];
  if (extension !== undefined) elements.push(extension);
  return JSON.stringify(elements);
}

/** Checks that a value can be a ref. @throws {ProtocolError} when it cannot (PHX-21). */
export function parseRef(value: unknown): Ref {
  if (typeof value === "string" || value === null) return value;
  // `1e999` is JSON, but could not be echoed: it parses as Infinity, which JSON lacks.
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new ProtocolError(`ref is neither a string, a number nor null (${typeof value})`);
}

/** Checks that a value can be a topic. @throws {ProtocolError} when it cannot (PHX-21). */
export function parseTopic(value: unknown): string {
  if (typeof value === "string") return value;
  throw new ProtocolError(`topic is not a string (${typeof value})`);
}

/** A ref as a field of a binary frame, which knows neither numbers nor null. */
export function toRefField(ref: Ref): string {
  return ref === null ? "" : String(ref);
}

/** What goes out for a payload or response that the application left out: an empty object (PHX-39). */
export function orEmpty(value: unknown): unknown {
  return value === undefined ? {} : value;
}
