import { type Clock, KeyedBuckets } from "@hutong/server/plugin";
import { ChatError } from "../api/chat-error.ts";
import type { MessageDraft, MessageStore, SentMessage } from "./message-store.ts";

/** Seconds of sending that may come at once after a pause: somebody who types in short lines, or was offline. */
const SENDER_BURST_SECONDS = 4;
/** How many busy senders a conversation has room for. */
const CONVERSATION_SENDERS = 8;
/** Seconds of talking that may come at once. */
const CONVERSATION_BURST_SECONDS = 5;
/** Copies that a sender may forward at once: one call with all that it can hold. */
const FORWARD_BURST = 1_000;
/** Senders and conversations that are remembered, each; beyond it the one seen longest ago starts anew. */
const MAX_KEYS = 20_000;

/** What {@link PacedMessageStore} is made of. */
export interface PacedMessageStoreParts {
  readonly store: MessageStore;
  readonly clock: Pick<Clock, "now">;
  /** Messages that one sender may send in the long run, per second. */
  readonly perSecond: number;
}

/**
 * Holds senders and conversations to a pace, whatever way their messages take. Copies of a forward have a pace of their
 * own, because one call makes many of them. A retry counts like a message. Counts are of this process alone.
 */
export class PacedMessageStore implements MessageStore {
  readonly #parts: PacedMessageStoreParts;
  readonly #senders: KeyedBuckets;
  readonly #forwarders: KeyedBuckets;
  readonly #conversations: KeyedBuckets;

  constructor(parts: PacedMessageStoreParts) {
    this.#parts = parts;
    const { perSecond } = parts;
    const conversation = perSecond * CONVERSATION_SENDERS;
    this.#senders = new KeyedBuckets({ burst: perSecond * SENDER_BURST_SECONDS, perSecond }, MAX_KEYS);
    this.#forwarders = new KeyedBuckets({ burst: FORWARD_BURST, perSecond }, MAX_KEYS);
    this.#conversations = new KeyedBuckets(
      { burst: conversation * CONVERSATION_BURST_SECONDS, perSecond: conversation },
      MAX_KEYS,
    );
  }

  /** @throws {ChatError} also `rate_limited`, with the wait. */
  async send(draft: MessageDraft): Promise<SentMessage> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const senders = draft.forwarded ? this.#forwarders : this.#senders;
    const retryAfterMs = senders.take(draft.sender.id, now) || this.#conversations.take(draft.conversationId, now);
    if (retryAfterMs > 0) throw new ChatError("rate_limited", { retryAfterMs });
    return store.send(draft);
  }
}
