import type { Me } from "@hutong/chat-api";

import type { Clock } from "../../clock.ts";
import type { ConversationBook, ConversationEntry } from "./conversation-book.ts";
import type { KeptMessages, KeptState, LocalStore } from "./local-store.ts";
import type { SyncPosition } from "./sync-engine.ts";

/** What is kept at most: conversations, and messages of each. */
export const KEPT_CONVERSATIONS = 300;
export const KEPT_MESSAGES = 80;
/** How long changes are collected before they are written, in milliseconds. */
const DELAY_MS = 500;

/** What a {@link Keeper} is made of. */
export interface KeeperOptions {
  readonly store: LocalStore;
  readonly book: ConversationBook;
  readonly clock: Clock;
  readonly me: () => Me;
  readonly position: () => SyncPosition;
}

/** Writes what is known to the local store from time to time, so that the next start shows it at once. */
export class Keeper {
  readonly #options: KeeperOptions;
  /** Log version at the last write, by conversation. */
  readonly #written = new Map<string, number>();
  #stop: (() => void) | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Puts into the book what an earlier page kept; what it is then is `undefined` when there is nothing. */
  async restore(): Promise<KeptState | undefined> {
    const { store, book } = this.#options;
    // Without a storage the page starts empty.
    const state = await store.readState().catch(() => undefined);
    if (state === undefined) return undefined;
    book.putUsers(state.users);
    for (const conversation of state.conversations) book.putConversation(conversation);
    return state;
  }

  /** Puts the kept messages of a conversation into its log, if that is empty. */
  async restoreMessages(entry: ConversationEntry): Promise<void> {
    if (entry.log.ranges.length > 0) return;
    const kept = await this.#options.store.readMessages(entry.id).catch(() => undefined);
    if (kept === undefined || entry.log.ranges.length > 0) return;
    entry.changeSeq = kept.changeSeq;
    this.#options.book.putMessages(entry, kept.messages, kept);
    this.#written.set(entry.id, entry.logVersion.peek());
  }

  /** Something changed. */
  touch(): void {
    this.#stop ??= this.#options.clock.after(DELAY_MS, () => {
      this.#stop = undefined;
      void this.write();
    });
  }

  /** Writes now. Never rejects. */
  async write(): Promise<void> {
    const { store, book, me, position } = this.#options;
    const entries = [...book.list.peek()].slice(0, KEPT_CONVERSATIONS);
    const conversations = entries.map(({ view }) => view.peek());
    const kept = entries.flatMap((entry) => {
      const version = entry.logVersion.peek();
      if (entry.log.ranges.length === 0 || this.#written.get(entry.id) === version) return [];
      this.#written.set(entry.id, version);
      return [keptOf(entry)];
    });
    const named = new Set(conversations.flatMap(({ peerId, lastMessage }) => [peerId, lastMessage?.senderId]));
    for (const { messages } of kept) for (const { senderId } of messages) named.add(senderId);
    for (const { log } of entries) for (const { senderId } of log.messages.slice(-KEPT_MESSAGES)) named.add(senderId);
    const users = [...book.users.peek().values()].filter(({ id }) => named.has(id));
    try {
      await store.writeState({ me: me(), position: position(), conversations, users });
      await store.writeMessages(kept);
    } catch {
      // No room, or no storage at all: the next start asks the server for everything.
    }
  }

  /** Drops what waits. */
  close(): void {
    this.#stop?.();
  }
}

/** The newest messages of the last stretch. */
function keptOf({ id, log, changeSeq }: ConversationEntry): KeptMessages {
  const last = log.ranges.at(-1) ?? { lo: 1, hi: 0 };
  const inside = log.messages.filter(({ seq }) => seq >= last.lo);
  const messages = inside.slice(-KEPT_MESSAGES);
  const lo = messages.length < inside.length ? (messages[0]?.seq ?? last.hi + 1) : last.lo;
  return { conversationId: id, changeSeq, messages, lo, hi: last.hi };
}
