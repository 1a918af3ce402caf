import type { Clock } from "@hutong/client/wechat";
import type { Call } from "./call";
import { type ConversationBook, type ConversationEntry, markedRead } from "./conversation-book";

/** What {@link Reading} is made of. */
export interface ReadingOptions {
  readonly book: ConversationBook;
  readonly call: Call;
  readonly clock: Clock;
}

/** How long marks are collected before they are told, in milliseconds. */
const READ_MS = 400;
const RECEIVED_MS = 1_500;
/** At most one typing mark in this time, in milliseconds: the contract's rule. */
const TYPING_EVERY_MS = 3_000;
/** In larger groups nobody is told who types. */
const MAX_TYPING_MEMBERS = 50;

/** Tells the server what was read, received and is being typed. Nothing rejects: a lost mark is made up for by the next. */
export class Reading {
  readonly #options: ReadingOptions;
  readonly #read = new Map<string, number>();
  readonly #received = new Map<string, number>();
  readonly #typedAt = new Map<string, number>();
  #stopRead: (() => void) | undefined;
  #stopReceived: (() => void) | undefined;

  constructor(options: ReadingOptions) {
    this.#options = options;
  }

  /** The reader has seen everything up to a seq. */
  read(entry: ConversationEntry, seq: number): void {
    const { view } = entry;
    const isNews = seq > view.readSeq || (view.markedUnread && seq >= view.lastSeq);
    if (!isNews || view.maxSeq !== null) return;
    const { book, call, clock } = this.#options;
    book.change(entry, markedRead(view, seq));
    this.#read.set(entry.id, seq);
    this.#stopRead ??= clock.after(READ_MS, () => {
      this.#stopRead = undefined;
      flush(this.#read, (conversationId, seq) => call("mark_read", { conversationId, seq }));
    });
  }

  /** This device holds everything up to a seq. */
  received({ id, view }: ConversationEntry, seq: number): void {
    if (seq <= view.receivedSeq || view.type === "room") return;
    const { call, clock } = this.#options;
    this.#received.set(id, seq);
    this.#stopReceived ??= clock.after(RECEIVED_MS, () => {
      this.#stopReceived = undefined;
      flush(this.#received, (conversationId, seq) => call("mark_received", { conversationId, seq }));
    });
  }

  /** The user types, or has stopped. */
  typing({ id, view }: ConversationEntry, isTyping: boolean): void {
    const { call, clock } = this.#options;
    if (view.maxSeq !== null || (view.type !== "direct" && view.memberCount > MAX_TYPING_MEMBERS)) return;
    const last = this.#typedAt.get(id);
    if (isTyping ? last !== undefined && clock.now() - last < TYPING_EVERY_MS : last === undefined) return;
    if (isTyping) this.#typedAt.set(id, clock.now());
    else this.#typedAt.delete(id);
    call("set_typing", { conversationId: id, typing: isTyping }).catch(() => undefined);
  }

  /** Drops what waits. */
  close(): void {
    this.#stopRead?.();
    this.#stopReceived?.();
  }
}

function flush(marks: Map<string, number>, tell: (conversationId: string, seq: number) => Promise<unknown>): void {
  for (const [conversationId, seq] of marks) tell(conversationId, seq).catch(() => undefined);
  marks.clear();
}
