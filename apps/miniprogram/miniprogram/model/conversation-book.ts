import type { Conversation, InboxEvent, Message, Presence, User } from "@hutong/chat-api";
import type { Changes } from "./changes";
import { MessageStretch } from "./message-stretch";

/** How far somebody has read and received. */
export interface Marks {
  readonly readSeq: number;
  readonly receivedSeq: number;
}

/** One conversation as this device knows it. */
export interface ConversationEntry {
  readonly id: string;
  /** What the server said of it last, moved on by the messages since. */
  view: Conversation;
  readonly log: MessageStretch;
  /** The last change seq whose change the log holds. */
  changeSeq: number;
  /** Who types, and until when, milliseconds since 1970. */
  readonly typing: Map<string, number>;
  /** How far members have read, as far as it is known. */
  readonly marks: Map<string, Marks>;
}

/** Everything that is known of conversations and people. Only the model writes to it; every change is told. */
export class ConversationBook {
  readonly #changes: Changes;
  readonly #entries = new Map<string, ConversationEntry>();
  readonly #users = new Map<string, User>();
  readonly #presences = new Map<string, Presence>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /** All conversations, in no order. */
  get entries(): readonly ConversationEntry[] {
    return [...this.#entries.values()];
  }

  /** What is not hidden: pinned ones first, then the latest used. */
  get list(): readonly ConversationEntry[] {
    return this.entries.filter(({ view }) => isListed(view)).sort(byRank);
  }

  /** Unread messages of the conversations that notify. */
  get unread(): number {
    return this.list
      .filter(({ view }) => view.notify)
      .reduce((sum, { view }) => sum + Math.max(view.unread, view.markedUnread ? 1 : 0), 0);
  }

  /** People by id. */
  get users(): ReadonlyMap<string, User> {
    return this.#users;
  }

  /** Who is there, by user id, as far as it is known. */
  get presences(): ReadonlyMap<string, Presence> {
    return this.#presences;
  }

  entry(id: string): ConversationEntry | undefined {
    return this.#entries.get(id);
  }

  /** Puts a conversation in place as the server says it is; keeps what live messages have said since. */
  putConversation(next: Conversation): ConversationEntry {
    this.#changes.tell();
    const known = this.#entries.get(next.id);
    if (known === undefined) return this.#add(next);
    known.view = mergeConversation(known.view, next);
    if (next.minSeq > 0) known.log.remove((seq) => seq <= next.minSeq);
    return known;
  }

  /** Takes a part of a conversation that has changed here. */
  change(entry: ConversationEntry, part: Partial<Conversation>): void {
    entry.view = { ...entry.view, ...part };
    this.#changes.tell();
  }

  /** Forgets everything but the people. */
  clear(): void {
    this.#entries.clear();
    this.#changes.tell();
  }

  putUsers(users: readonly User[]): void {
    for (const user of users) this.#users.set(user.id, user);
    if (users.length > 0) this.#changes.tell();
  }

  putPresences(presences: readonly Presence[]): void {
    for (const presence of presences) this.#presences.set(presence.userId, presence);
    this.#changes.tell();
  }

  /** Lets the log of a conversation be changed. */
  editLog(entry: ConversationEntry, edit: (log: MessageStretch) => void): void {
    edit(entry.log);
    this.#changes.tell();
  }

  /** Puts the present state of a message where it is shown. */
  replaceMessage(entry: ConversationEntry, message: Message): void {
    entry.log.replace(message);
    const isLast = entry.view.lastMessage?.seq === message.seq;
    this.change(entry, isLast ? { lastMessage: message } : {});
  }

  putMarks(entry: ConversationEntry, { userId, ...given }: Omit<InboxEvent<"marks">, "conversationId">): void {
    const known = entry.marks.get(userId) ?? { readSeq: 0, receivedSeq: 0 };
    const readSeq = Math.max(known.readSeq, given.readSeq);
    const receivedSeq = Math.max(known.receivedSeq, given.receivedSeq, readSeq);
    entry.marks.set(userId, { readSeq, receivedSeq });
    const isPeer = entry.view.peerId === userId;
    this.change(entry, isPeer ? { peerReadSeq: readSeq, peerReceivedSeq: receivedSeq } : {});
  }

  /** `until` is `undefined` when somebody has stopped. */
  putTyping(entry: ConversationEntry, userId: string, until: number | undefined): void {
    if (until === undefined && !entry.typing.has(userId)) return;
    if (until === undefined) entry.typing.delete(userId);
    else entry.typing.set(userId, until);
    this.#changes.tell();
  }

  #add(view: Conversation): ConversationEntry {
    const { id, changeSeq } = view;
    const entry = { id, view, log: new MessageStretch(), changeSeq, typing: new Map(), marks: new Map() };
    this.#entries.set(id, entry);
    return entry;
  }
}

/**
 * The newer of two views, part by part: the answer of a call may have been read before messages that were already
 * counted here.
 */
export function mergeConversation(held: Conversation, next: Conversation): Conversation {
  const meta = next.metaSeq >= held.metaSeq ? next : { ...next, ...metaOf(held) };
  const seen = {
    readSeq: Math.max(held.readSeq, next.readSeq),
    receivedSeq: Math.max(held.receivedSeq, next.receivedSeq),
    peerReadSeq: Math.max(held.peerReadSeq, next.peerReadSeq),
    peerReceivedSeq: Math.max(held.peerReceivedSeq, next.peerReceivedSeq),
    changeSeq: Math.max(held.changeSeq, next.changeSeq),
  };
  if (next.lastSeq >= held.lastSeq) {
    const isReadHere = held.readSeq > next.readSeq && held.readSeq >= next.lastSeq;
    return { ...meta, ...seen, ...(isReadHere && { unread: 0, mentioned: false }) };
  }
  const { lastSeq, lastMessage, lastMessageAt, unread, mentioned } = held;
  return { ...meta, ...seen, lastSeq, lastMessage, lastMessageAt, unread, mentioned };
}

/** A view with everything up to a seq read. */
export function markedRead(view: Conversation, readSeq: number): Conversation {
  if (readSeq < view.lastSeq) return { ...view, readSeq: Math.max(view.readSeq, readSeq) };
  const receivedSeq = Math.max(view.receivedSeq, readSeq);
  return { ...view, readSeq, receivedSeq, unread: 0, mentioned: false, markedUnread: false };
}

function metaOf({ title, avatar, notice, ownerId, joinMode, muteAll, slowModeMs, ...rest }: Conversation) {
  const { historyVisible, state, memberCount, metaSeq } = rest;
  const settings = { joinMode, muteAll, slowModeMs, historyVisible };
  return { title, avatar, notice, ownerId, ...settings, state, memberCount, metaSeq };
}

function isListed({ hidden, maxSeq, type }: Conversation): boolean {
  return !hidden && (maxSeq === null || type !== "room");
}

function byRank({ view: one }: ConversationEntry, { view: other }: ConversationEntry): number {
  return other.pinnedAt - one.pinnedAt || other.lastMessageAt - one.lastMessageAt || other.createdAt - one.createdAt;
}
