import type { ChannelError } from "@hutong/protocol";

/** Where a durable push is in its life. */
export type OutboxState =
  /** Waits for its channel, or for the pushes of the channel before it. */
  | { readonly kind: "queued" }
  /** Is on its way; nobody knows yet whether the server handled it. */
  | { readonly kind: "sent" }
  /** The server answered with `response`. */
  | { readonly kind: "accepted"; readonly response: unknown }
  /** The server said no, or the application gave up. It is not sent any more. */
  | { readonly kind: "failed"; readonly error: ChannelError };

/** One durable push, as it was when it was asked for; it does not change any more. */
export interface OutboxEntry {
  /** The push id: the same however often the push is sent. */
  readonly id: string;
  /** Topic of the channel that sends it. */
  readonly topic: string;
  /** Chooses the server's handler. */
  readonly event: string;
  /** A copy of what the push was given. */
  readonly payload: unknown;
  /** How far it is, at the time of this entry: a change makes a new one. */
  readonly state: OutboxState;
}

/** The durable pushes of a socket that are not done: what a page shows as "sending" and "failed". */
export interface Outbox {
  /** Every push that waits, is on its way, or has failed, oldest first. Those of an earlier page come once they are loaded. */
  readonly entries: readonly OutboxEntry[];
  /**
   * Calls the handler with every entry that comes or changes; the returned function ends that. An entry that
   * was accepted or given up is not among `entries` any more.
   */
  on(event: "change", handler: (entry: OutboxEntry) => void): () => void;
  /** Sends a failed push once more, as the last of its channel and under a new id, because the server answers the old one as before. */
  retry(id: string): void;
  /** Gives a push up: it is not sent (again), and its promise rejects with `closed`. One that was sent may still be handled. */
  discard(id: string): void;
}
