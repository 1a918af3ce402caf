import type { Conversation, InboxEvent, Message, Presence, User } from "@hutong/chat-api";
import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";

import { MessageLog, type SeqRange } from "./message-log.ts";

/** How far somebody has read and received. */
export interface Marks {
  /** Everything up to here is read. */
  readonly readSeq: number;
  /** Everything up to here is on a device of theirs. */
  readonly receivedSeq: number;
}

/** One conversation as this device knows it. */
export interface ConversationEntry {
  /** Of the conversation. */
  readonly id: string;
  /** What the server said of it last, moved on by the messages since. */
  readonly view: Signal<Conversation>;
  /** The messages that are held. */
  readonly log: MessageLog;
  /** Changes with every change of the log. */
  readonly logVersion: Signal<number>;
  /** The last change seq whose change the log holds. */
  changeSeq: number;
  /** Who types, and until when, milliseconds since 1970. */
  readonly typing: Signal<ReadonlyMap<string, number>>;
  /** How far members have read, as far as it is known. */
  readonly marks: Signal<ReadonlyMap<string, Marks>>;
}

/** Everything that is known of conversations and people. Only the sync engine and the actions write to it. */
export class ConversationBook {
  readonly #entries = signal<ReadonlyMap<string, ConversationEntry>>(new Map());
  readonly #users = signal<ReadonlyMap<string, User>>(new Map());
  /** Who is there, by user id, as far as it is known. */
  readonly presences = signal<ReadonlyMap<string, Presence>>(new Map());
  /** What is not hidden: pinned ones first, then the latest used. */
  readonly list: ReadonlySignal<readonly ConversationEntry[]> = computed(() =>
    [...this.#entries.value.values()].filter(({ view }) => isListed(view.value)).sort(byRank),
  );
  /** Unread messages of the conversations that notify. */
  readonly unread: ReadonlySignal<number> = computed(() => {
    let sum = 0;
    for (const { view } of this.list.value) {
      const { notify, unread, markedUnread } = view.value;
      if (notify) sum += Math.max(unread, markedUnread ? 1 : 0);
    }
    return sum;
  });

  /** By conversation id, hidden ones included. */
  get entries(): ReadonlySignal<ReadonlyMap<string, ConversationEntry>> {
    return this.#entries;
  }

  /** People by id. */
  get users(): ReadonlySignal<ReadonlyMap<string, User>> {
    return this.#users;
  }

  /** The entry of a conversation, where it is known. Not reactive. */
  entry(id: string): ConversationEntry | undefined {
    return this.#entries.peek().get(id);
  }

  /** Puts a conversation in place as the server says it is; keeps what live messages have said since. */
  putConversation(next: Conversation): ConversationEntry {
    const known = this.entry(next.id);
    if (known === undefined) return this.#add(next);
    known.view.value = mergeConversation(known.view.peek(), next);
    // Without messages there is nothing that a change could be missing in.
    if (known.log.ranges.length === 0) known.changeSeq = known.view.peek().changeSeq;
    if (next.minSeq > 0) {
      known.log.removeUpTo(next.minSeq);
      known.logVersion.value += 1;
    }
    return known;
  }

  /** Forgets a conversation. */
  remove(id: string): void {
    const entries = new Map(this.#entries.peek());
    entries.delete(id);
    this.#entries.value = entries;
  }

  /** Forgets everything but the people. */
  clear(): void {
    this.#entries.value = new Map();
  }

  /** Takes people as the server says they are. */
  putUsers(users: Iterable<User>): void {
    let changed: Map<string, User> | undefined;
    for (const user of users) {
      const known = this.#users.peek().get(user.id);
      if (known?.nickname === user.nickname && known.avatar === user.avatar && known.kind === user.kind) continue;
      changed ??= new Map(this.#users.peek());
      changed.set(user.id, user);
    }
    if (changed !== undefined) this.#users.value = changed;
  }

  /** Takes who is there and who is not. */
  putPresences(presences: readonly Presence[]): void {
    this.presences.value = new Map([
      ...this.presences.peek(),
      ...presences.map((presence): [string, Presence] => [presence.userId, presence]),
    ]);
  }

  /** Puts messages into a log, as all there is in the stretch. */
  putMessages(entry: ConversationEntry, messages: readonly Message[], range: SeqRange): void {
    const { minSeq } = entry.view.peek();
    entry.log.insert(
      messages.filter(({ seq }) => seq > minSeq),
      range,
    );
    entry.logVersion.value += 1;
  }

  /** Takes messages out of sight. */
  removeMessages(entry: ConversationEntry, seqs: readonly number[]): void {
    entry.log.remove(seqs);
    entry.logVersion.value += 1;
  }

  /** Drops a stretch of messages, which is a hole again: it is loaded anew when somebody looks there. */
  forgetMessages(entry: ConversationEntry, range: SeqRange): void {
    entry.log.forget(range);
    entry.logVersion.value += 1;
  }

  /** Puts the present state of a message where it is shown. */
  replaceMessage(entry: ConversationEntry, message: Message): void {
    batch(() => {
      if (entry.log.replace(message)) entry.logVersion.value += 1;
      const view = entry.view.peek();
      if (view.lastMessage?.seq === message.seq) entry.view.value = { ...view, lastMessage: message };
    });
  }

  /** Takes how far a member has come; nobody goes back. */
  putMarks(
    entry: ConversationEntry,
    { userId, readSeq, receivedSeq }: Omit<InboxEvent<"marks">, "conversationId">,
  ): void {
    const known = entry.marks.peek().get(userId) ?? { readSeq: 0, receivedSeq: 0 };
    const next = {
      readSeq: Math.max(known.readSeq, readSeq),
      receivedSeq: Math.max(known.receivedSeq, receivedSeq, readSeq),
    };
    entry.marks.value = new Map(entry.marks.peek()).set(userId, next);
    const view = entry.view.peek();
    if (view.peerId === userId)
      entry.view.value = { ...view, peerReadSeq: next.readSeq, peerReceivedSeq: next.receivedSeq };
  }

  #add(view: Conversation): ConversationEntry {
    const entry: ConversationEntry = {
      id: view.id,
      view: signal(view),
      log: new MessageLog(),
      logVersion: signal(0),
      changeSeq: view.changeSeq,
      typing: signal(new Map()),
      marks: signal(new Map()),
    };
    if (view.peerId !== null)
      entry.marks.value = new Map([[view.peerId, { readSeq: view.peerReadSeq, receivedSeq: view.peerReceivedSeq }]]);
    this.#entries.value = new Map(this.#entries.peek()).set(view.id, entry);
    return entry;
  }
}

/**
 * The newer of two views, part by part: the answer of a call may have been read before messages that were
 * already counted here.
 */
export function mergeConversation(held: Conversation, next: Conversation): Conversation {
  const meta = next.metaSeq >= held.metaSeq ? next : { ...next, ...metaOf(held) };
  const readSeq = Math.max(held.readSeq, next.readSeq);
  const seen = {
    readSeq,
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
  return {
    ...view,
    readSeq,
    receivedSeq: Math.max(view.receivedSeq, readSeq),
    unread: 0,
    mentioned: false,
    markedUnread: false,
  };
}

function metaOf(held: Conversation) {
  const { title, avatar, notice, ownerId, joinMode, muteAll, slowModeMs, historyVisible, state, memberCount, metaSeq } =
    held;
  return { title, avatar, notice, ownerId, joinMode, muteAll, slowModeMs, historyVisible, state, memberCount, metaSeq };
}

function isListed({ hidden, maxSeq, type }: Conversation): boolean {
  return !hidden && (maxSeq === null || type !== "room");
}

function byRank(left: ConversationEntry, right: ConversationEntry): number {
  const [one, other] = [left.view.value, right.view.value];
  return other.pinnedAt - one.pinnedAt || other.lastMessageAt - one.lastMessageAt || other.createdAt - one.createdAt;
}
