import type { MessageContent } from "@hutong/chat-api";

/** A file that is uploaded before its message is sent. */
export interface PendingFile {
  readonly blob: Blob;
  readonly name: string;
  readonly kind: "image" | "voice" | "video" | "file";
  /** Pixels; 0 when it is no picture. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}

/** How a message that is not stored yet is doing. */
export type OutboxState =
  | { readonly kind: "waiting" }
  | { readonly kind: "sending" }
  /** `progress` goes from 0 to 1. */
  | { readonly kind: "uploading"; readonly progress: number }
  /** The server refused; only the person can decide. */
  | { readonly kind: "refused"; readonly code: string };

/** What a person wrote. */
export interface Draft {
  readonly conversationId: string;
  /** `undefined` while it depends on a file that is not uploaded yet. */
  readonly content: MessageContent | undefined;
  readonly file?: PendingFile | undefined;
  /** Seq of the message that it answers; 0 when none. */
  readonly replyTo: number;
  readonly mentions: readonly string[];
  readonly mentionsAll: boolean;
}

/** A message on its way. */
export interface OutboxEntry extends Draft {
  readonly clientMessageId: string;
  /** When it was written, milliseconds since 1970. */
  readonly createdAt: number;
  readonly state: OutboxState;
}
