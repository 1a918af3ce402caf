import type { ActionOutput, InboxEvent, InboxEventName, Me, Snapshot, UserEvent } from "@hutong/chat-api";
import type { Clock } from "@hutong/client/wechat";
import type { Call } from "./call";
import type { CatchUp } from "./catch-up";
import type { ConversationBook } from "./conversation-book";
import type { InboxListener } from "./inbox-listener";
import type { LiveEvents } from "./live-events";

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
  readonly clock: Clock;
  readonly live: LiveEvents;
  readonly catchUp: CatchUp;
  readonly listener: {
    /** The account, as it is now. */
    me(me: Me): void;
    /** An event of the user's log, in order, each once. */
    userEvent(event: UserEvent["event"]): void;
    /** A snapshot is in place. */
    synced(snapshot: Snapshot): void;
    kicked(kicked: InboxEvent<"kicked">): void;
  };
}

/** The contract's limit on conversations that a client names. */
const MAX_KNOWN = 200;
const RETRY_MS = 2_000;
const DEFAULT_HEARTBEAT_MS = 30_000;

/**
 * Keeps the book in step: after each join, and so after each return from the background, it asks for what is new; live
 * events carry it on, and the heartbeat finds what live events have lost.
 */
export class SyncEngine implements InboxListener {
  readonly #options: SyncEngineOptions;
  #position: SyncPosition = { userSeq: 0, since: 0 };
  #next: string | null = null;
  /** How far the server's clock is ahead of this device's, in milliseconds. */
  #offsetMs = 0;
  #isReady = false;
  #syncing: Promise<void> | undefined;
  #isAgain = false;
  #stopHeartbeat: () => void = () => undefined;
  #stopRetry: () => void = () => undefined;
  #isClosed = false;

  constructor(options: SyncEngineOptions) {
    this.#options = options;
  }

  get position(): SyncPosition {
    return this.#position;
  }

  /** Whether the first snapshot of this run is in place. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether the list of conversations goes on beyond what is held. */
  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Goes on from where an earlier run stood. Before the first `joined`. */
  restore(position: SyncPosition): void {
    this.#position = position;
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
    this.#syncing = this.#sync().finally(() => {
      this.#syncing = undefined;
      if (!this.#isAgain) return;
      this.#isAgain = false;
      void this.sync();
    });
    return this.#syncing;
  }

  /** Loads the next page of the list. Rejects with a `CallError`. */
  async loadMore(): Promise<void> {
    if (this.#next === null) return;
    const page = await this.#options.call("list_conversations", { after: this.#next, limit: 100 });
    this.#putPage(page);
    this.#next = page.next;
  }

  /** Ends timers; applies nothing more. */
  close(): void {
    this.#isClosed = true;
    this.#stopHeartbeat();
    this.#stopRetry();
  }

  async #sync(): Promise<void> {
    const { call, clock, book } = this.#options;
    const known = book.entries
      .map(({ view }) => view)
      .sort((left, right) => right.lastMessageAt - left.lastMessageAt)
      .slice(0, MAX_KNOWN)
      .map(({ id, lastSeq, changeSeq, metaSeq }) => ({ id, lastSeq, changeSeq, metaSeq }));
    try {
      this.#apply(await call("sync", { ...this.#position, known }));
    } catch {
      // Whatever it was, the next join asks again; while the link lives, a timer does.
      if (!this.#isClosed) this.#stopRetry = clock.after(RETRY_MS, () => void this.sync());
    }
  }

  #apply(snapshot: Snapshot): void {
    if (this.#isClosed) return;
    const { book, listener, clock } = this.#options;
    if (snapshot.reload) book.clear();
    if (snapshot.reload || !this.#isReady) this.#next = snapshot.next;
    this.#offsetMs = snapshot.now - clock.now();
    this.#isReady = true;
    this.#putPage(snapshot);
    listener.me(snapshot.me);
    for (const event of snapshot.events) this.#userEvent(event);
    this.#position = { userSeq: Math.max(this.#position.userSeq, snapshot.userSeq), since: snapshot.now };
    this.#beat(snapshot.heartbeatMs);
    listener.synced(snapshot);
  }

  #putPage({ conversations, users }: Pick<ActionOutput<"list_conversations">, "conversations" | "users">): void {
    const { book, catchUp } = this.#options;
    book.putUsers(users);
    for (const conversation of conversations) {
      const entry = book.putConversation(conversation);
      // What is held of a conversation that moved on is brought up to date; the others load when they are opened.
      if (entry.log.isLoaded) catchUp.open(entry).catch(() => catchUp.soon(entry.id));
    }
  }

  #userEvent({ userSeq, event }: UserEvent): void {
    const { listener } = this.#options;
    const expected = this.#position.userSeq + 1;
    if (userSeq < expected) return;
    if (userSeq > expected) {
      // The snapshot that is on its way brings the ones between.
      if (this.#syncing === undefined) void this.sync();
      return;
    }
    this.#position = { ...this.#position, userSeq };
    if (event.kind === "me_changed") listener.me(event.me);
    if (event.kind === "messages_deleted") this.#deleted(event.conversationId, event.seqs);
    listener.userEvent(event);
  }

  #deleted(conversationId: string, seqs: readonly number[]): void {
    const { book, catchUp } = this.#options;
    const entry = book.entry(conversationId);
    if (entry === undefined) return;
    book.editLog(entry, (log) => log.remove((seq) => seqs.includes(seq)));
    if (seqs.includes(entry.view.lastMessage?.seq ?? -1)) catchUp.soon(conversationId);
  }

  #beat(everyMs: number): void {
    this.#stopHeartbeat();
    const ms = everyMs > 0 ? everyMs : DEFAULT_HEARTBEAT_MS;
    this.#stopHeartbeat = this.#options.clock.every(ms, () => void this.#heartbeat());
  }

  async #heartbeat(): Promise<void> {
    const { call, book, catchUp } = this.#options;
    let answer: ActionOutput<"heartbeat">;
    try {
      answer = await call("heartbeat", { since: this.#position.since });
    } catch {
      // The next one asks for the same.
      return;
    }
    if (this.#isClosed) return;
    if (answer.more || answer.userSeq > this.#position.userSeq) return void this.sync();
    this.#position = { ...this.#position, since: answer.now };
    for (const { id, lastSeq, changeSeq, metaSeq } of answer.changed) {
      const view = book.entry(id)?.view;
      const isHeld = view !== undefined && view.lastSeq >= lastSeq && view.changeSeq >= changeSeq;
      if (!isHeld || view.metaSeq < metaSeq) catchUp.soon(id);
    }
  }
}
