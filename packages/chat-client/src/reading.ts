import type { Call } from "./calls/call.ts";
import { codeOf } from "./calls/call-error.ts";
import type { ChatClock } from "./clock.ts";
import { type ConversationEntry, markedRead } from "./conversations/conversation-book.ts";

/** How long marks are collected before they are told, in milliseconds. */
const READ_MS = 400;
const RECEIVED_MS = 1_500;
/** At most one typing mark in this time, in milliseconds: the contract's rule. */
const TYPING_EVERY_MS = 3_000;
/** In larger groups nobody is told who types. */
const MAX_TYPING_MEMBERS = 50;

/** Tells the server what was read, received and is being typed. Nothing here rejects: a lost mark is told again with the next. */
export class Reading {
  readonly #call: Call;
  readonly #clock: ChatClock;
  readonly #read = new Map<string, number>();
  readonly #received = new Map<string, number>();
  readonly #typedAt = new Map<string, number>();
  #stopRead: (() => void) | undefined;
  #stopReceived: (() => void) | undefined;

  /** Nothing waits before the first mark. */
  constructor(call: Call, clock: ChatClock) {
    this.#call = call;
    this.#clock = clock;
  }

  /** The reader has seen everything up to a seq. */
  read({ id, view }: ConversationEntry, seq: number): void {
    const held = view.peek();
    const isNews = seq > held.readSeq || (held.markedUnread && seq >= held.lastSeq);
    if (!isNews || held.maxSeq !== null) return;
    view.value = markedRead(held, seq);
    this.#read.set(id, seq);
    this.#stopRead ??= this.#clock.after(READ_MS, () => {
      this.#stopRead = undefined;
      this.#flush(this.#read, (conversationId, seq) => this.#call("mark_read", { conversationId, seq }));
    });
  }

  /** This device holds everything up to a seq. */
  received({ id, view }: ConversationEntry, seq: number): void {
    const { receivedSeq, type } = view.peek();
    if (seq <= receivedSeq || type === "room") return;
    this.#received.set(id, seq);
    this.#stopReceived ??= this.#clock.after(RECEIVED_MS, () => {
      this.#stopReceived = undefined;
      this.#flush(this.#received, (conversationId, seq) => this.#call("mark_received", { conversationId, seq }));
    });
  }

  /** The user types, or has stopped. */
  typing({ id, view }: ConversationEntry, isTyping: boolean): void {
    const { memberCount, maxSeq, type } = view.peek();
    if (maxSeq !== null || (type !== "direct" && memberCount > MAX_TYPING_MEMBERS)) return;
    const now = this.#clock.now();
    const last = this.#typedAt.get(id);
    if (isTyping && last !== undefined && now - last < TYPING_EVERY_MS) return;
    if (!isTyping && last === undefined) return;
    if (isTyping) this.#typedAt.set(id, now);
    else this.#typedAt.delete(id);
    this.#call("set_typing", { conversationId: id, typing: isTyping }).catch(() => undefined);
  }

  /** Drops what waits. */
  close(): void {
    this.#stopRead?.();
    this.#stopReceived?.();
  }

  #flush(marks: Map<string, number>, tell: (conversationId: string, seq: number) => Promise<unknown>): void {
    for (const [id, seq] of marks)
      tell(id, seq).catch((error: unknown) => {
        // It is told with the next mark, of whatever conversation, unless that is a newer one.
        if (codeOf(error) === "network" && !marks.has(id)) marks.set(id, seq);
      });
    marks.clear();
  }
}
