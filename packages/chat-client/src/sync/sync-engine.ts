import type { ActionOutput, InboxEvent, InboxEventName, Me, Snapshot, UserEvent } from "@hutong/chat-api";
import { batch, signal } from "@preact/signals-core";

import type { Call } from "../calls/call.ts";
import type { ChatClock } from "../clock.ts";
import type { ConversationBook, ConversationEntry } from "../conversations/conversation-book.ts";
import type { CatchUp } from "./catch-up.ts";
import type { InboxListener } from "./inbox-listener.ts";
import { isBehind, type LiveEvents } from "./live-events.ts";

/** Where this device stands in what the server tells a user. */
export interface SyncPosition {
  /** The last event of the user's log that was applied. */
  readonly userSeq: number;
  /** The server's clock at the last synchronisation or heartbeat. */
  readonly since: number;
}

/** What a {@link SyncEngine} is made of. */
export interface SyncEngineOptions {
  readonly book: ConversationBook;
  readonly call: Call;
  readonly clock: ChatClock;
  readonly live: LiveEvents;
  readonly catchUp: CatchUp;
  /** What a synchronisation leads to beyond the book. */
  readonly listener: {
    /** The account, as it is now. */
    me(me: Me): void;
    /** An event of the user's log, in order, each once. */
    userEvent(event: UserEvent["event"]): void;
    /** A snapshot is in place. What the log does not carry, such as lists of friends, may be out of date after `reload`. */
    synced(snapshot: Snapshot): void;
    kicked(kicked: InboxEvent<"kicked">): void;
  };
}

/** The contract's limit on conversations that a client names. */
const MAX_KNOWN = 200;
const RETRY_MS = 2_000;
const DEFAULT_HEARTBEAT_MS = 30_000;

/**
 * Keeps the book in step: after each join it asks for what is new, then live events carry it on, and the heartbeat
 * finds what live events have lost.
 */
export class SyncEngine implements InboxListener {
  readonly #options: SyncEngineOptions;
  /** Whether the first snapshot of this run is in place. */
  readonly isReady = signal(false);
  /** Where `list_conversations` goes on; `null` when the whole list is held. */
  readonly next = signal<string | null>(null);
  #userSeq = 0;
  #since = 0;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  #offsetMs = 0;
  #syncing: Promise<void> | undefined;
  #isAgain = false;
  #stopHeartbeat: () => void = () => undefined;
  #stopRetry: () => void = () => undefined;
  #isClosed = false;

  constructor(options: SyncEngineOptions) {
    this.#options = options;
  }

  /** Where the next synchronisation begins. */
  get position(): SyncPosition {
    return { userSeq: this.#userSeq, since: this.#since };
  }

  /** Goes on from where an earlier run stood. Before the first `joined`. */
  restore({ userSeq, since }: SyncPosition): void {
    this.#userSeq = userSeq;
    this.#since = since;
  }

  /** The server's clock, as well as it is known. */
  now(): number {
    return this.#options.clock.now() + this.#offsetMs;
  }

  joined(): void {
    void this.sync();
  }

  received<TName extends InboxEventName>(name: TName, payload: InboxEvent<TName>): void {
    const { live, book, listener } = this.#options;
    const apply: { readonly [TEvent in InboxEventName]: (given: InboxEvent<TEvent>) => void } = {
      message: (given) => live.message(given),
      change: (given) => live.change(given),
      conversation: (given) => live.conversation(given),
      conversation_updated: (given) => live.updated(given),
      conversation_left: (given) => live.left(given),
      marks: (given) => live.marks(given),
      typing: (given) => live.typing(given),
      presence: (given) => book.putPresences([given]),
      user_event: (given) => this.#userEvent(given),
      kicked: (given) => listener.kicked(given),
    };
    if (!this.#isClosed) apply[name](payload);
  }

  /** Asks for what is new. Never rejects; a failure is tried again. Calls during one make one more after it. */
  sync(): Promise<void> {
    if (this.#syncing !== undefined) {
      this.#isAgain = true;
      return this.#syncing;
    }
    this.#stopRetry();
    this.#syncing = this.#sync().then(() => {
      this.#syncing = undefined;
      if (!this.#isAgain) return;
      this.#isAgain = false;
      void this.sync();
    });
    return this.#syncing;
  }

  /** Loads the next page of the list. Rejects with a `CallError`. */
  async loadMore(): Promise<void> {
    const after = this.next.peek();
    if (after === null) return;
    const page = await this.#options.call("list_conversations", { after, limit: 100 });
    batch(() => {
      this.#putPage(page);
      this.next.value = page.next;
    });
  }

  /** Ends timers; applies nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#stopHeartbeat();
    this.#stopRetry();
  }

  async #sync(): Promise<void> {
    const { call, clock, book } = this.#options;
    const views = [...book.entries.peek().values()].map(({ view }) => view.peek());
    const known = views
      .sort((left, right) => right.lastMessageAt - left.lastMessageAt)
      .slice(0, MAX_KNOWN)
      .map(({ id, lastSeq, changeSeq, metaSeq }) => ({ id, lastSeq, changeSeq, metaSeq }));
    try {
      this.#apply(await call("sync", { userSeq: this.#userSeq, since: this.#since, known }));
    } catch {
      // Whatever it was, the next join asks again; while the link lives, a timer does.
      if (!this.#isClosed) this.#stopRetry = clock.after(RETRY_MS, () => void this.sync());
    }
  }

  #apply(snapshot: Snapshot): void {
    if (this.#isClosed) return;
    const { book, listener, clock } = this.#options;
    batch(() => {
      if (snapshot.reload) book.clear();
      if (snapshot.reload || !this.isReady.peek()) this.next.value = snapshot.next;
      this.#offsetMs = snapshot.now - clock.now();
      this.#putPage(snapshot);
      listener.me(snapshot.me);
      for (const event of snapshot.events) this.#userEvent(event);
      this.#userSeq = Math.max(this.#userSeq, snapshot.userSeq);
      this.#since = snapshot.now;
      this.isReady.value = true;
    });
    this.#beat(snapshot.heartbeatMs);
    listener.synced(snapshot);
  }

  #putPage({ conversations, users }: Pick<ActionOutput<"list_conversations">, "conversations" | "users">): void {
    const { book, catchUp } = this.#options;
    book.putUsers(users);
    for (const conversation of conversations) {
      const entry = book.putConversation(conversation);
      // What is held of a conversation that moved on is brought up to date; the others load when they are opened.
      if (isBehind(entry)) catchUp.soon(entry.id, 0);
    }
  }

  #userEvent({ userSeq, event }: UserEvent): void {
    if (userSeq <= this.#userSeq) return;
    if (userSeq > this.#userSeq + 1) {
      if (this.isReady.peek() && this.#syncing === undefined) void this.sync();
      return;
    }
    this.#userSeq = userSeq;
    if (event.kind === "me_changed") this.#options.listener.me(event.me);
    if (event.kind === "messages_deleted") this.#deleted(event.conversationId, event.seqs);
    this.#options.listener.userEvent(event);
  }

  #deleted(conversationId: string, seqs: readonly number[]): void {
    const entry = this.#options.book.entry(conversationId);
    if (entry === undefined) return;
    this.#options.book.removeMessages(entry, seqs);
    if (seqs.includes(entry.view.peek().lastMessage?.seq ?? -1)) this.#options.catchUp.soon(conversationId);
  }

  #beat(everyMs: number): void {
    this.#stopHeartbeat();
    const ms = everyMs > 0 ? everyMs : DEFAULT_HEARTBEAT_MS;
    this.#stopHeartbeat = this.#options.clock.every(ms, () => void this.#heartbeat());
  }

  async #heartbeat(): Promise<void> {
    const { call, book, catchUp, clock } = this.#options;
    let answer: ActionOutput<"heartbeat">;
    try {
      answer = await call("heartbeat", { since: this.#since });
    } catch {
      // The next beat, or the next join, asks about the same time.
      return;
    }
    if (this.#isClosed) return;
    if (answer.more || answer.userSeq > this.#userSeq) return this.sync();
    for (const conversation of answer.changed)
      if (lacks(book.entry(conversation.id), conversation)) catchUp.soon(conversation.id);
    this.#offsetMs = answer.now - clock.now();
    this.#since = answer.now;
  }
}

function lacks(entry: ConversationEntry | undefined, told: ActionOutput<"heartbeat">["changed"][number]): boolean {
  if (entry === undefined) return true;
  const { lastSeq, metaSeq } = entry.view.peek();
  return told.lastSeq > lastSeq || told.changeSeq > entry.changeSeq || told.metaSeq > metaSeq || isBehind(entry);
}
