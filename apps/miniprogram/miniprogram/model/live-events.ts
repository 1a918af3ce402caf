import type { Conversation, InboxEvent, Message } from "@hutong/chat-api";
import type { Clock } from "@hutong/client/wechat";
import { type ConversationBook, type ConversationEntry, markedRead } from "./conversation-book";

/** What live events lead to beyond the book. */
export interface LiveEventsListener {
  /** Something is missing in a conversation that may still come by itself: look again in a moment. */
  lacking(conversationId: string): void;
  /** A message of the user's own is stored, as another way than the answer of the call tells. */
  ownArrived(clientMessageId: string): void;
  /** A new message of somebody else. */
  arrived(entry: ConversationEntry, message: Message): void;
}

/** What {@link LiveEvents} is made of. */
export interface LiveEventsOptions {
  readonly book: ConversationBook;
  readonly userId: string;
  readonly clock: Clock;
  readonly listener: LiveEventsListener;
}

/** How long a typing mark lasts without a new one, in milliseconds. */
export const TYPING_MS = 6_000;

/** Applies pushes to the book. A push is a hint: what comes twice changes nothing, and what leaves a gap is pulled. */
export class LiveEvents {
  readonly #options: LiveEventsOptions;

  constructor(options: LiveEventsOptions) {
    this.#options = options;
  }

  message({ message, users }: InboxEvent<"message">): void {
    const { book, listener } = this.#options;
    book.putUsers(users);
    const entry = book.entry(message.conversationId);
    const lastSeq = entry?.view.lastSeq ?? -1;
    if (entry === undefined || message.seq > lastSeq + 1) return listener.lacking(message.conversationId);
    if (message.seq <= lastSeq) this.#known(entry, message);
    else this.#append(entry, message);
  }

  change({ change, users }: InboxEvent<"change">): void {
    const { book, listener } = this.#options;
    book.putUsers(users);
    const entry = book.entry(change.conversationId);
    if (entry === undefined || change.changeSeq <= entry.changeSeq) return;
    if (change.changeSeq > entry.changeSeq + 1 && entry.log.isLoaded) return listener.lacking(entry.id);
    entry.changeSeq = change.changeSeq;
    book.replaceMessage(entry, change.message);
  }

  conversation({ conversation, users }: InboxEvent<"conversation">): void {
    const { book, listener } = this.#options;
    book.putUsers(users);
    const entry = book.putConversation(conversation);
    if (isBehind(entry)) listener.lacking(entry.id);
  }

  updated({ meta }: InboxEvent<"conversation_updated">): void {
    const { book, listener } = this.#options;
    const entry = book.entry(meta.id);
    if (entry === undefined) return listener.lacking(meta.id);
    if (meta.metaSeq > entry.view.metaSeq) book.change(entry, meta);
  }

  left({ conversation }: InboxEvent<"conversation_left">): void {
    this.#options.book.putConversation(conversation);
  }

  marks(marks: InboxEvent<"marks">): void {
    const { book, userId, listener } = this.#options;
    const entry = book.entry(marks.conversationId);
    if (entry === undefined) return;
    book.putMarks(entry, marks);
    if (marks.userId !== userId || marks.readSeq <= entry.view.readSeq) return;
    book.change(entry, markedRead(entry.view, marks.readSeq));
    // Read to the end is nothing unread; anything between is the server's to count.
    if (marks.readSeq < entry.view.lastSeq) listener.lacking(entry.id);
  }

  typing({ conversationId, userId, typing }: InboxEvent<"typing">): void {
    const { book, clock, userId: ownId } = this.#options;
    const entry = book.entry(conversationId);
    if (entry === undefined || userId === ownId) return;
    book.putTyping(entry, userId, typing ? clock.now() + TYPING_MS : undefined);
    if (!typing) return;
    clock.after(TYPING_MS, () => {
      if ((entry.typing.get(userId) ?? Infinity) <= clock.now()) book.putTyping(entry, userId, undefined);
    });
  }

  /** Puts the message after the last one in place. */
  #append(entry: ConversationEntry, message: Message): void {
    const { book, userId, listener } = this.#options;
    const isOwn = message.senderId === userId;
    const counts = !isOwn && message.type !== "notice";
    // An empty log stays empty: who opens the conversation loads its newest page.
    const follows = entry.log.isLoaded && entry.log.range.hi === message.seq - 1;
    if (follows) book.editLog(entry, (log) => log.append([message], message.seq));
    book.change(entry, withMessage(entry.view, message, { isOwn, counts, userId }));
    book.putTyping(entry, message.senderId, undefined);
    if (isBehind(entry)) listener.lacking(entry.id);
    if (isOwn && message.clientMessageId !== undefined) listener.ownArrived(message.clientMessageId);
    if (counts) listener.arrived(entry, message);
  }

  /** An own message that is stored may be told by the answer and by a push, and only one of them has its client id. */
  #known(entry: ConversationEntry, message: Message): void {
    const { book, userId, listener } = this.#options;
    if (message.senderId !== userId || message.clientMessageId === undefined) return;
    const { clientMessageId } = message;
    if (entry.log.get(message.seq)?.clientMessageId === undefined)
      book.editLog(entry, (log) => log.replace({ ...(log.get(message.seq) ?? message), clientMessageId }));
    listener.ownArrived(clientMessageId);
  }
}

/** Whether the server has more of a conversation than its log, or changes that the log lacks. */
export function isBehind({ view, log, changeSeq }: ConversationEntry): boolean {
  return log.isLoaded && (log.range.hi < lastVisible(view) || changeSeq < view.changeSeq);
}

/** The last seq that the reader may see. */
export function lastVisible({ lastSeq, maxSeq }: Conversation, upTo: number = lastSeq): number {
  return Math.min(upTo, maxSeq ?? upTo);
}

interface Reader {
  readonly isOwn: boolean;
  readonly counts: boolean;
  readonly userId: string;
}

function withMessage(view: Conversation, message: Message, { isOwn, counts, userId }: Reader): Conversation {
  const next = { ...view, lastSeq: message.seq, lastMessage: message, lastMessageAt: message.createdAt, hidden: false };
  // Who writes has read what stands above; that is the server's rule too.
  if (isOwn) return markedRead(next, message.seq);
  if (!counts) return next;
  const isMentioned = message.mentionsAll || message.mentions.includes(userId);
  return { ...next, unread: view.unread + 1, mentioned: view.mentioned || isMentioned };
}
