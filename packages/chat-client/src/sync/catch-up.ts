import type { ActionOutput, Conversation, Message } from "@hutong/chat-api";
import { batch } from "@preact/signals-core";

import type { Call } from "../calls/call.ts";
import { codeOf } from "../calls/call-error.ts";
import type { ChatClock } from "../clock.ts";
import type { ConversationBook, ConversationEntry } from "../conversations/conversation-book.ts";
import type { SeqRange } from "../conversations/message-log.ts";
import { isBehind, type LiveEvents } from "./live-events.ts";

/** What {@link CatchUp} is made of. */
export interface CatchUpOptions {
  readonly book: ConversationBook;
  readonly call: Call;
  readonly clock: ChatClock;
  readonly live: () => LiveEvents;
}

/** What the server gives of a conversation's messages. */
type Page = ActionOutput<"pull_messages">;

/** How long a missing message may still come by itself, in milliseconds. */
export const PATIENCE_MS = 300;
/** A larger gap is left as a hole, which is filled when somebody looks at it. */
export const MAX_GAP = 500;
/** Messages of one page of a fill. */
const PAGE = 200;
/** Messages of the page that a conversation opens with. */
const FIRST_PAGE = 60;
/** Waits between attempts that failed, in milliseconds. */
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
      if (entry.log.ranges.length === 0) await this.#pullNewest(entry);
      await this.#pullTail(entry);
      await this.#pullChanges(entry);
    });
  }

  /** Fills a part of a hole: the end of it that `from` names. Rejects with a `CallError`. */
  fill(entry: ConversationEntry, hole: SeqRange, from: "start" | "end"): Promise<void> {
    return this.#alone(entry.id, async () => {
      const { call } = this.#options;
      const limit = Math.min(PAGE, Math.max(1, hole.hi - hole.lo + 1), from === "end" ? 100 : PAGE);
      const side = from === "end" ? { before: hole.hi + 1 } : { after: hole.lo - 1 };
      const page = await call("pull_messages", { conversationId: entry.id, ...side, limit });
      const lo = from === "end" && page.more ? Math.max(hole.lo, page.messages[0]?.seq ?? hole.lo) : hole.lo;
      const hi = from === "start" && page.more ? Math.min(hole.hi, lastOf(page)?.seq ?? hole.hi) : hole.hi;
      const inside = page.messages.filter(({ seq }) => seq >= lo && seq <= hi);
      this.#put(entry, { ...page, messages: inside }, { lo, hi });
      await this.#pullChanges(entry);
    });
  }

  /** Holds the messages on both sides of one. Rejects with a `CallError`. */
  around(entry: ConversationEntry, seq: number): Promise<void> {
    if (entry.log.covers(seq)) return Promise.resolve();
    return this.#alone(entry.id, async () => {
      const page = await this.#options.call("pull_messages", { conversationId: entry.id, around: seq, limit: 60 });
      const [lo, hi] = [page.messages[0]?.seq ?? seq, lastOf(page)?.seq ?? seq];
      // An address may name a message that was never said.
      this.#put(entry, page, { lo: Math.min(lo, seq), hi: Math.min(Math.max(hi, seq), endOf(entry, page.lastSeq)) });
      await this.#pullChanges(entry);
    });
  }

  /** Stops everything that waits. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
  }

  async #mend(conversationId: string): Promise<void> {
    try {
      await this.#alone(conversationId, () => this.#refresh(conversationId));
    } catch (error) {
      if (codeOf(error) === "not_found") this.#options.book.remove(conversationId);
      // Anything else passes: the heartbeat or the next join finds it too.
      else this.soon(conversationId, RETRY_MS);
    }
  }

  async #refresh(conversationId: string): Promise<void> {
    const { book, call, live } = this.#options;
    const { conversation, users } = await call("get_conversation", { conversationId });
    const known = book.entry(conversationId)?.view.peek();
    const gap = conversation.lastSeq - (known?.lastSeq ?? conversation.lastSeq);
    // A short gap is pulled message by message, so that each is told as new.
    if (known !== undefined && gap > 0 && gap <= MAX_GAP) await this.#pullLive(conversationId, conversation);
    batch(() => {
      book.putUsers(users);
      const entry = book.putConversation(conversation);
      live().takeEarly(entry);
    });
    const entry = book.entry(conversationId);
    if (entry === undefined || !isBehind(entry)) return;
    await this.#pullTail(entry);
    await this.#pullChanges(entry);
  }

  async #pullLive(conversationId: string, { lastSeq }: Conversation): Promise<void> {
    const { book, call, live } = this.#options;
    for (let entry = book.entry(conversationId); entry !== undefined; entry = book.entry(conversationId)) {
      const after = entry.view.peek().lastSeq;
      if (after >= lastSeq) return;
      const page = await call("pull_messages", { conversationId, after, limit: PAGE });
      const current = entry;
      batch(() => {
        book.putUsers(page.users);
        readAt(current, page.changeSeq);
        for (const message of page.messages) {
          // Seqs that are hidden from the reader leave a step.
          const last = current.view.peek().lastSeq;
          if (message.seq <= last) continue;
          if (current.log.ranges.length > 0 && message.seq > last + 1)
            book.putMessages(current, [], { lo: last + 1, hi: message.seq - 1 });
          live().append(current, message);
        }
      });
      if (!page.more || page.messages.length === 0) return;
    }
  }

  async #pullNewest(entry: ConversationEntry): Promise<void> {
    const page = await this.#options.call("pull_messages", { conversationId: entry.id, limit: FIRST_PAGE });
    const { minSeq } = entry.view.peek();
    const lo = page.more ? (page.messages[0]?.seq ?? minSeq + 1) : minSeq + 1;
    this.#put(entry, page, { lo, hi: endOf(entry, page.lastSeq) });
  }

  async #pullTail(entry: ConversationEntry): Promise<void> {
    const { call } = this.#options;
    for (;;) {
      const { tail } = entry.log;
      const end = endOf(entry, entry.view.peek().lastSeq);
      if (tail >= end) return;
      if (end - tail > MAX_GAP) return this.#pullNewest(entry);
      const page = await call("pull_messages", { conversationId: entry.id, after: tail, limit: PAGE });
      const hi = page.more ? (lastOf(page)?.seq ?? end) : Math.max(end, endOf(entry, page.lastSeq));
      this.#put(entry, page, { lo: tail + 1, hi });
      if (!page.more) return;
    }
  }

  async #pullChanges(entry: ConversationEntry): Promise<void> {
    const { book, call, live } = this.#options;
    if (entry.changeSeq >= entry.view.peek().changeSeq) return;
    const answer = await call("pull_changes", { conversationId: entry.id, after: entry.changeSeq });
    if (answer.reload) {
      entry.log.forget({ lo: 0, hi: Infinity });
      entry.changeSeq = answer.changeSeq;
      return this.#pullNewest(entry);
    }
    batch(() => {
      book.putUsers(answer.users);
      for (const { message } of answer.changes) live().placeChange(entry, message);
      entry.changeSeq = Math.max(entry.changeSeq, answer.changeSeq);
    });
  }

  #put(entry: ConversationEntry, page: Page, range: SeqRange): void {
    const { book } = this.#options;
    batch(() => {
      book.putUsers(page.users);
      readAt(entry, page.changeSeq);
      book.putMessages(entry, page.messages, range);
    });
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

/**
 * A page was read when the conversation stood at a change. Changes that were pushed meanwhile may be missing in
 * it, so those after it count as missing; an empty log begins with what the page has.
 */
function readAt(entry: ConversationEntry, changeSeq: number): void {
  const view = entry.view.peek();
  const known = Math.max(entry.changeSeq, view.changeSeq, changeSeq);
  if (known > view.changeSeq) entry.view.value = { ...view, changeSeq: known };
  entry.changeSeq = entry.log.ranges.length === 0 ? changeSeq : Math.min(entry.changeSeq, changeSeq);
}

function lastOf({ messages }: Page): Message | undefined {
  return messages[messages.length - 1];
}

/** What is missing before the newest messages that are held; `undefined` when nothing is. */
export function olderThanHeld({ log, view }: ConversationEntry): SeqRange | undefined {
  const { newest } = log;
  const { minSeq } = view.peek();
  if (newest === undefined || newest.lo <= minSeq + 1) return undefined;
  const holes = log.holes(minSeq + 1, newest.lo - 1);
  return holes[holes.length - 1];
}

/** The last seq that the reader may see. */
function endOf(entry: ConversationEntry, lastSeq: number): number {
  return Math.min(lastSeq, entry.view.peek().maxSeq ?? lastSeq);
}
