import type { BusMessage, ClientName } from "./message.ts";

/**
 * One part's end of the bus.
 *
 * An implementation MUST deliver the messages of one sender to one receiver in the order of the calls of
 * `send`, and each of them at most once. It MUST NOT call a handler from inside `send`.
 */
export interface BusClient {
  /** The part that this end belongs to. */
  readonly name: ClientName;
  /**
   * Sends to the parts that the route of the command names. MUST accept messages before the link is up and
   * keep them in order. A receiver that is away gets the message when it returns, within the limits of its
   * mailbox. What is sent after `close` is dropped.
   */
  send(message: BusMessage): void;
  /**
   * Calls the handler for every message from now on; the returned function ends it. Messages that came before
   * the first handler are kept for it.
   */
  onMessage(handler: (message: BusMessage) => void): () => void;
  /** Ends this end. The mailbox on the bus stays, so that a successor of the same name gets what came meanwhile. */
  close(): Promise<void>;
}

/** Limits of one mailbox. */
export interface MailboxOptions {
  /** Messages that wait for a part that is away. @defaultValue 2_000 */
  readonly maxCount?: number;
  /** Their size, in bytes of UTF-16 text. @defaultValue 8 MiB */
  readonly maxBytes?: number;
  /** How long the first of them waits, in milliseconds. @defaultValue 60_000 */
  readonly maxAgeMs?: number;
}

/** Defaults of {@link MailboxOptions}. */
export const DEFAULT_MAILBOX = {
  maxCount: 2_000,
  maxBytes: 8 * 1_048_576,
  maxAgeMs: 60_000,
} as const satisfies Required<MailboxOptions>;

/** Event of the `SYSTEM` message that a part gets first when messages for it were dropped; its data is `{ lostCount }`. */
export const MESSAGES_LOST = "messagesLost";
