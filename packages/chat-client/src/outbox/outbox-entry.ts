import type { MessageContent } from "@hutong/chat-api";

import { isRecord } from "../is-record.ts";
import { parseJson } from "../parse-json.ts";

/** How a message that is not stored yet is doing. */
export type OutboxState =
  | { readonly kind: "waiting" }
  | { readonly kind: "sending" }
  /** `progress` goes from 0 to 1. */
  | { readonly kind: "uploading"; readonly progress: number }
  /** The server refused; only the person can decide. */
  | { readonly kind: "refused"; readonly code: string };

/** What a person wrote: content, or a file that becomes one. `TFile` is what the application takes for a file. */
export interface Draft<TFile = unknown> {
  /** Where it is said. */
  readonly conversationId: string;
  /** `undefined` while it depends on a file that is not uploaded yet. */
  readonly content?: MessageContent | undefined;
  /** What is uploaded before the message is sent. */
  readonly file?: TFile | undefined;
  /** Seq of the message that it answers. @defaultValue 0: none */
  readonly replyTo?: number;
  /** Ids of the members who are mentioned. @defaultValue nobody */
  readonly mentions?: readonly string[];
  /** Whether everybody is mentioned. @defaultValue false */
  readonly mentionsAll?: boolean;
}

/** A message on its way. */
export interface OutboxEntry<TFile = unknown> extends Draft<TFile> {
  /** Stays with the message, however often it is sent. */
  readonly clientMessageId: string;
  /** When it was written, milliseconds since 1970; no two of an outbox are the same. */
  readonly createdAt: number;
  readonly state: OutboxState;
}

/** Reads what an outbox wrote itself; `undefined` for anything else. What was on its way waits again, a refusal stays one. */
export function parseOutboxEntry(text: string | undefined): OutboxEntry<never> | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !isRecord(value["state"])) return undefined;
  const texts = [value["clientMessageId"], value["conversationId"], value["state"]["kind"]];
  if (texts.some((one) => typeof one !== "string") || typeof value["createdAt"] !== "number") return undefined;
  // The frame is checked above; the server judges the content.
  const entry = value as Readonly<Record<string, unknown>> & OutboxEntry<never>;
  return entry.state.kind === "refused" ? entry : { ...entry, state: { kind: "waiting" } };
}
