import type { MessageContent } from "@hutong/chat-api";
import { isRecord } from "./is-record";
import { parseJson } from "./parse-json";

/** A file that is uploaded before its message is sent. */
export interface PendingFile {
  /** Where it is in this run. */
  readonly path: string;
  /** Its copy that outlives this run; `""` for none. */
  readonly keptPath: string;
  readonly kind: "image" | "voice";
  /** Pixels; 0 when it is no picture. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}

/** How a message that is not stored yet is doing. */
export type OutboxState =
  | { readonly kind: "waiting" }
  | { readonly kind: "sending" }
  /** `share` goes from 0 to 1. */
  | { readonly kind: "uploading"; readonly share: number }
  /** The server refused; only the person can decide. */
  | { readonly kind: "refused"; readonly code: string };

/** What a person wrote: content, or a file that becomes one. */
export interface Draft {
  readonly conversationId: string;
  readonly content?: MessageContent;
  readonly file?: PendingFile;
  /** Seq of the message that it answers; 0 when none. */
  readonly replyTo: number;
}

/** A message on its way. */
export interface OutboxEntry extends Draft {
  readonly clientMessageId: string;
  /** When it was written, milliseconds since 1970. */
  readonly createdAt: number;
  readonly state: OutboxState;
}

/** Reads what an outbox wrote itself; `undefined` for anything else. What was on its way waits again. */
export function parseOutboxEntry(text: string | undefined): OutboxEntry | undefined {
  const value = parseJson(text);
  if (!isRecord(value) || !isRecord(value["state"])) return undefined;
  const { clientMessageId, conversationId, createdAt, replyTo } = value;
  if (typeof clientMessageId !== "string" || typeof conversationId !== "string") return undefined;
  if (typeof createdAt !== "number" || typeof replyTo !== "number") return undefined;
  if (!isRecord(value["content"]) && !isRecord(value["file"])) return undefined;
  // The frame is checked above; the server judges the content.
  const entry = value as Readonly<Record<string, unknown>> & OutboxEntry;
  const { file } = entry;
  const kept = file === undefined ? entry : { ...entry, file: { ...file, path: file.keptPath } };
  return kept.state.kind === "refused" ? kept : { ...kept, state: { kind: "waiting" } };
}
