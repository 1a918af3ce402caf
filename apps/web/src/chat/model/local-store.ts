import type { Conversation, Me, Message, User } from "@hutong/chat-api";

import type { SeqRange } from "./message-log.ts";
import type { OutboxEntry } from "./outbox-entry.ts";
import type { SyncPosition } from "./sync-engine.ts";

/** The newest messages of a conversation, all there is between `lo` and `hi`. */
export interface KeptMessages extends SeqRange {
  readonly conversationId: string;
  readonly changeSeq: number;
  readonly messages: readonly Message[];
}

/** What a page that starts shows before the server has answered. */
export interface KeptState {
  readonly me: Me;
  readonly position: SyncPosition;
  readonly conversations: readonly Conversation[];
  readonly users: readonly User[];
}

/**
 * Keeps what one user's page knows, on this device. One store belongs to one user. Every method may reject, where
 * the browser has no room or no storage: the page then works without.
 */
export interface LocalStore {
  readState(): Promise<KeptState | undefined>;
  writeState(state: KeptState): Promise<void>;
  readMessages(conversationId: string): Promise<KeptMessages | undefined>;
  /** Replaces what was kept of these conversations. */
  writeMessages(kept: readonly KeptMessages[]): Promise<void>;
  /** What is not sent, the oldest first. */
  readOutbox(): Promise<readonly OutboxEntry[]>;
  /** Resolves when it is kept. */
  writeOutbox(entry: OutboxEntry): Promise<void>;
  deleteOutbox(clientMessageId: string): Promise<void>;
  /** Deletes everything, for example after a sign-out. */
  clear(): Promise<void>;
  close(): void;
}
