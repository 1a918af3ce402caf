import type { Conversation, InboxEvent, Message } from "@hutong/chat-api";
import { batch } from "@preact/signals-core";

import type { ChatClock } from "../clock.ts";
import { type ConversationBook, type ConversationEntry, markedRead } from "../conversations/conversation-book.ts";

/** What live events lead to beyond the book. */
export interface LiveEventsListener {
  /** Something is missing in a conversation that may still come by itself: look again in a moment. */
  lacking(conversationId: string): void;
  /** A message of the user's own arrived, perhaps by another tab or device. */
  ownArrived(clientMessageId: string): void;
  /** A new message of somebody else, for sounds and for screen readers. */
  arrived(entry: ConversationEntry, message: Message): void;
}

/** What {@link LiveEvents} is made of. */
export interface LiveEventsOptions {
  readonly book: ConversationBook;
  /** Whose messages are own ones. */
  readonly userId: string;
  readonly clock: ChatClock;
  readonly listener: LiveEventsListener;
}

/** How long a typing mark lasts without a new one, in milliseconds. */
export const TYPING_MS = 6_000;

/**
 * Applies pushes to the book. A push is a hint: what comes twice changes nothing, and what comes too early waits
 * until the gap before it is filled.
 */
export class LiveEvents {
  readonly #options: LiveEventsOptions;
  /** Messages that came before their predecessors, by conversation; of each the newest state that was told. */
  readonly #early = new Map<string, Map<number, Message>>();

  constructor(options: LiveEventsOptions) {
    this.#options = options;
  }

  message({ message, users }: InboxEvent<"message">): void {
    const { book, listener } = this.#options;
    batch(() => {
      book.putUsers(users);
      const entry = book.entry(message.conversationId);
      if (entry === undefined) return listener.lacking(message.conversationId);
      const { lastSeq } = entry.view.peek();
      if (message.seq <= lastSeq) return this.#known(entry, message);
      const early = this.#earlyOf(entry.id);
      // A change of the message may have come before the message itself.
      if (!early.has(message.seq)) early.set(message.seq, message);
      if (message.seq > lastSeq + 1) return listener.lacking(entry.id);
      this.takeEarly(entry);
    });
  }

  /** Puts the message after the last one in place. */
  append(entry: ConversationEntry, message: Message): void {
    const { userId, listener } = this.#options;
    const isOwn = message.senderId === userId;
    const counts = !isOwn && message.type !== "notice";
    entry.view.value = withMessage(entry.view.peek(), message, { isOwn, counts, userId });
    // An empty log stays empty: who opens the conversation loads its newest page.
    if (entry.log.ranges.length > 0) this.#place(entry, message);
    this.#stopTyping(entry, message.senderId);
    if (counts) this.#caughtUp(entry, message);
    if (isOwn && message.clientMessageId !== undefined) listener.ownArrived(message.clientMessageId);
    if (counts) listener.arrived(entry, message);
  }

  /** Puts those messages in place that waited for the one that is there now. */
  takeEarly(entry: ConversationEntry): void {
    const early = this.#early.get(entry.id);
    if (early === undefined) return;
    for (let next = early.get(entry.view.peek().lastSeq + 1); next !== undefined;) {
      this.append(entry, next);
      next = early.get(next.seq + 1);
    }
    for (const seq of early.keys()) if (seq <= entry.view.peek().lastSeq) early.delete(seq);
    if (early.size === 0) this.#early.delete(entry.id);
  }

  change({ change, users }: InboxEvent<"change">): void {
    const { book, listener } = this.#options;
    batch(() => {
      book.putUsers(users);
      const entry = book.entry(change.conversationId);
      if (entry === undefined || change.changeSeq <= entry.changeSeq) return;
      const view = entry.view.peek();
      if (change.changeSeq > view.changeSeq) entry.view.value = { ...view, changeSeq: change.changeSeq };
      if (change.changeSeq > entry.changeSeq + 1 && entry.log.ranges.length > 0) return listener.lacking(entry.id);
      entry.changeSeq = change.changeSeq;
      this.placeChange(entry, change.message);
    });
  }

  /** Puts the present state of a message where it is shown, or keeps it for when the message's turn comes. */
  placeChange(entry: ConversationEntry, message: Message): void {
    const { book, listener } = this.#options;
    if (message.seq <= entry.view.peek().lastSeq) return book.replaceMessage(entry, message);
    this.#earlyOf(entry.id).set(message.seq, message);
    listener.lacking(entry.id);
  }

  conversation({ conversation, users }: InboxEvent<"conversation">): void {
    const { book, listener } = this.#options;
    batch(() => {
      book.putUsers(users);
      const entry = book.putConversation(conversation);
      if (isBehind(entry)) listener.lacking(entry.id);
    });
  }

  updated({ meta }: InboxEvent<"conversation_updated">): void {
    const { book, listener } = this.#options;
    const entry = book.entry(meta.id);
    if (entry === undefined) return listener.lacking(meta.id);
    const view = entry.view.peek();
    if (meta.metaSeq > view.metaSeq) entry.view.value = { ...view, ...meta };
  }

  left({ conversation }: InboxEvent<"conversation_left">): void {
    this.#options.book.putConversation(conversation);
  }

  marks(marks: InboxEvent<"marks">): void {
    const { book, userId, listener } = this.#options;
    const entry = book.entry(marks.conversationId);
    if (entry === undefined) return;
    book.putMarks(entry, marks);
    const view = entry.view.peek();
    if (marks.userId !== userId || marks.readSeq <= view.readSeq) return;
    entry.view.value = { ...view, readSeq: marks.readSeq };
    // Read to the end is nothing unread; anything between is the server's to count.
    if (marks.readSeq >= view.lastSeq) entry.view.value = markedRead(entry.view.peek(), marks.readSeq);
    else listener.lacking(entry.id);
  }

  typing({ conversationId, userId, typing }: InboxEvent<"typing">): void {
    const { book, clock } = this.#options;
    const entry = book.entry(conversationId);
    if (entry === undefined || userId === this.#options.userId) return;
    if (!typing) return this.#stopTyping(entry, userId);
    const until = clock.now() + TYPING_MS;
    entry.typing.value = new Map(entry.typing.peek()).set(userId, until);
    clock.after(TYPING_MS, () => {
      if (entry.typing.peek().get(userId) === until) this.#stopTyping(entry, userId);
    });
  }

  #place(entry: ConversationEntry, message: Message): void {
    const { book, listener } = this.#options;
    const { log } = entry;
    const held = log.get(message.seq);
    // After a stretch that is still being pulled, the message is pulled with it; what a pull brought first is as new.
    if (message.seq > log.tail + 1) return listener.lacking(entry.id);
    if (held === undefined || held.version < message.version)
      book.putMessages(entry, [message], { lo: message.seq, hi: message.seq });
  }

  #known(entry: ConversationEntry, message: Message): void {
    const { book, userId, listener } = this.#options;
    const held = entry.log.get(message.seq);
    const { clientMessageId } = message;
    const tellsId = clientMessageId !== undefined && held?.clientMessageId === undefined;
    if (held !== undefined && (tellsId || held.version < message.version)) book.replaceMessage(entry, message);
    if (message.senderId === userId && clientMessageId !== undefined) listener.ownArrived(clientMessageId);
  }

  #earlyOf(conversationId: string): Map<number, Message> {
    let early = this.#early.get(conversationId);
    if (early === undefined) this.#early.set(conversationId, (early = new Map()));
    return early;
  }

  /** Who writes has read what stands above: no push of its own says so. Bots write without reading. */
  #caughtUp(entry: ConversationEntry, { senderId: userId, seq }: Message): void {
    const { book } = this.#options;
    if (entry.view.peek().type !== "room" && book.users.peek().get(userId)?.kind !== "bot")
      book.putMarks(entry, { userId, readSeq: seq, receivedSeq: seq });
  }

  #stopTyping(entry: ConversationEntry, userId: string): void {
    if (!entry.typing.peek().has(userId)) return;
    const typing = new Map(entry.typing.peek());
    typing.delete(userId);
    entry.typing.value = typing;
  }
}

/** Whether the server has more of a conversation than its log, or changes that the log lacks. */
export function isBehind({ view, log, changeSeq }: ConversationEntry): boolean {
  const { lastSeq, changeSeq: lastChange, maxSeq } = view.peek();
  if (log.ranges.length === 0) return false;
  return log.tail < Math.min(lastSeq, maxSeq ?? lastSeq) || changeSeq < lastChange;
}

interface Reading {
  readonly isOwn: boolean;
  readonly counts: boolean;
  readonly userId: string;
}

function withMessage(view: Conversation, message: Message, { isOwn, counts, userId }: Reading): Conversation {
  const next = { ...view, lastSeq: message.seq, lastMessage: message, lastMessageAt: message.createdAt, hidden: false };
  // Who writes has read what stands above; that is the server's rule too.
  if (isOwn) return markedRead(next, message.seq);
  if (!counts) return next;
  const isMentioned = message.mentionsAll || message.mentions.includes(userId);
  return { ...next, unread: view.unread + 1, mentioned: view.mentioned || isMentioned };
}
