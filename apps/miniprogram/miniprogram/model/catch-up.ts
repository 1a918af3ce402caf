import type { Clock } from "@hutong/client/wechat";
import type { Call } from "./call";
import { codeOf } from "./call-error";
import type { ConversationBook, ConversationEntry } from "./conversation-book";
import { lastVisible } from "./live-events";

/** What {@link CatchUp} is made of. */
export interface CatchUpOptions {
  readonly book: ConversationBook;
  readonly call: Call;
  readonly clock: Clock;
}

/** How long a missing message may still come by itself, in milliseconds. */
export const PATIENCE_MS = 300;
/** After a larger gap the log begins anew at the newest messages. */
export const MAX_GAP = 500;
/** Messages of one page of a gap. */
const PAGE = 200;
/** Messages of the page that a conversation opens with, and of each step back. */
const FIRST_PAGE = 40;
/** Wait after an attempt that failed, in milliseconds. */
const RETRY_MS = 3_000;

/** Pulls what pushes did not bring. One pull at a time per conversation. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #waiting = new Map<string, () => void>();
  readonly #running = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** Looks after a conversation in a moment; several calls are one. */
  soon(conversationId: string, ms: number = PATIENCE_MS): void {
    if (this.#isClosed || this.#waiting.has(conversationId)) return;
    const stop = this.#options.clock.after(ms, () => {
      this.#waiting.delete(conversationId);
      void this.#mend(conversationId);
    });
    this.#waiting.set(conversationId, stop);
  }

  /** Brings the log of a conversation to its end, from nothing if need be. Rejects with a `CallError`. */
  open(entry: ConversationEntry): Promise<void> {
    return this.#alone(entry.id, async () => {
      if (!entry.log.isLoaded) await this.#pullNewest(entry);
      await this.#pullTail(entry);
      await this.#pullChanges(entry);
    });
  }

  /** Loads the page before the first message that is held. Rejects with a `CallError`. */
  older(entry: ConversationEntry): Promise<void> {
    return this.#alone(entry.id, async () => {
      const { book, call } = this.#options;
      const { lo } = entry.log.range;
      if (!hasOlder(entry)) return;
      const page = await call("pull_messages", { conversationId: entry.id, before: lo, limit: FIRST_PAGE });
      const first = page.more ? (page.messages[0]?.seq ?? lo) : entry.view.minSeq + 1;
      book.putUsers(page.users);
      book.editLog(entry, (log) => log.prepend(page.messages, first));
    });
  }

  /** Drops what waits. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
  }

  async #mend(conversationId: string): Promise<void> {
    const { book, call } = this.#options;
    try {
      const { conversation, users } = await call("get_conversation", { conversationId });
      if (this.#isClosed) return;
      book.putUsers(users);
      const entry = book.putConversation(conversation);
      if (entry.log.isLoaded) await this.open(entry);
    } catch (error) {
      // What the server refuses is not there for this user; anything else is tried again.
      if (codeOf(error) !== "not_found" && codeOf(error) !== "not_member") this.soon(conversationId, RETRY_MS);
    }
  }

  async #pullNewest(entry: ConversationEntry): Promise<void> {
    const { book, call } = this.#options;
    const page = await call("pull_messages", { conversationId: entry.id, limit: FIRST_PAGE });
    const { minSeq } = entry.view;
    const lo = page.more ? (page.messages[0]?.seq ?? minSeq + 1) : minSeq + 1;
    book.putUsers(page.users);
    book.editLog(entry, (log) => log.reset(page.messages, { lo, hi: lastVisible(entry.view, page.lastSeq) }));
    // Changes up to here are in what was just read.
    entry.changeSeq = Math.max(entry.changeSeq, page.changeSeq);
  }

  async #pullTail(entry: ConversationEntry): Promise<void> {
    const { book, call } = this.#options;
    for (;;) {
      const { hi: after } = entry.log.range;
      const end = lastVisible(entry.view);
      if (after >= end) return;
      if (end - after > MAX_GAP) return this.#pullNewest(entry);
      const page = await call("pull_messages", { conversationId: entry.id, after, limit: PAGE });
      const hi = page.more ? (page.messages.at(-1)?.seq ?? end) : Math.max(end, lastVisible(entry.view, page.lastSeq));
      book.putUsers(page.users);
      book.editLog(entry, (log) => log.append(page.messages, hi));
      if (!page.more) return;
    }
  }

  async #pullChanges(entry: ConversationEntry): Promise<void> {
    const { book, call } = this.#options;
    if (entry.changeSeq >= entry.view.changeSeq) return;
    const answer = await call("pull_changes", { conversationId: entry.id, after: entry.changeSeq });
    if (answer.reload) {
      entry.changeSeq = answer.changeSeq;
      return this.#pullNewest(entry);
    }
    book.putUsers(answer.users);
    for (const { message } of answer.changes) book.replaceMessage(entry, message);
    entry.changeSeq = Math.max(entry.changeSeq, answer.changeSeq);
  }

  #alone(conversationId: string, act: () => Promise<void>): Promise<void> {
    const before = this.#running.get(conversationId) ?? Promise.resolve();
    const turn = before.then(act, act);
    this.#running.set(conversationId, turn);
    const forget = (): void => {
      if (this.#running.get(conversationId) === turn) this.#running.delete(conversationId);
    };
    turn.then(forget, forget);
    return turn;
  }
}

/** Whether there are messages before those that are held. */
export function hasOlder({ log, view }: ConversationEntry): boolean {
  return log.isLoaded && log.range.lo > view.minSeq + 1;
}
