import type { InboxEvent, Me, Message } from "@hutong/chat-api";
import type { KeyValueStorage } from "@hutong/client";
import { effect, type ReadonlySignal, signal } from "@preact/signals-core";

import { type Call, createCall } from "./calls/call.ts";
import type { HttpCall } from "./calls/http-call.ts";
import { type ChatClock, systemClock } from "./clock.ts";
import { Contacts } from "./contacts.ts";
import { ConversationBook, type ConversationEntry } from "./conversations/conversation-book.ts";
import { Drafts } from "./drafts.ts";
import { DEFAULT_KEPT_LIMITS, Keeper, type KeptLimits } from "./keeper.ts";
import { Outbox } from "./outbox/outbox.ts";
import { OutboxStore, type PendingFiles } from "./outbox/outbox-store.ts";
import { Reading } from "./reading.ts";
import type { SessionStore } from "./session/session-store.ts";
import { CatchUp } from "./sync/catch-up.ts";
import { ChatLink, type SocketFactory } from "./sync/chat-link.ts";
import { LiveEvents } from "./sync/live-events.ts";
import { SyncEngine, type SyncEngineOptions } from "./sync/sync-engine.ts";

/** What a {@link Chat} is made of. `TFile` is what the application takes for a file. */
export interface ChatOptions<TFile = unknown> {
  /** Who is signed in; stays the caller's. */
  readonly session: SessionStore;
  readonly http: HttpCall;
  /** Called for each connection that needs a new token. */
  readonly createSocket: SocketFactory;
  /** Keeps what is known, written and on its way. Belongs to this user alone; stays the caller's. */
  readonly storage: KeyValueStorage;
  /** @defaultValue that of the runtime */
  readonly clock?: ChatClock;
  /** Makes an id that nobody else makes, of at most 64 characters. */
  readonly createId: () => string;
  /** @defaultValue none: messages carry no files */
  readonly files?: PendingFiles<TFile>;
  /** @defaultValue {@link DEFAULT_KEPT_LIMITS} */
  readonly kept?: KeptLimits;
  /** A message of somebody else has come while this runs. */
  readonly arrived?: (entry: ConversationEntry, message: Message) => void;
}

/** The chat of one signed-in user: what is known, what is on its way, and how the server is reached. */
export interface Chat<TFile = unknown> {
  /** Stays the same: another user has another chat. */
  readonly userId: string;
  /** The account. */
  readonly me: ReadonlySignal<Me>;
  /** Conversations and people. */
  readonly book: ConversationBook;
  /** Calls any action of the server. What an answer says is put into `book`, `contacts` or `me` by the caller. */
  readonly call: Call;
  readonly link: Pick<ChatLink, "state" | "retryNow" | "showRoom">;
  readonly engine: SyncEngine;
  readonly catchUp: CatchUp;
  readonly outbox: Outbox<TFile>;
  readonly contacts: Contacts;
  readonly reading: Reading;
  readonly drafts: Drafts;
  /** Shows what is kept on the device, then connects. Never rejects. */
  start(): Promise<void>;
  /** Shows what is kept of a conversation, then brings it up to date. Rejects with a `CallError`. */
  open(entry: ConversationEntry): Promise<void>;
  /** Keeps what is known, now: for when the application may end in a moment. Never rejects. */
  keep(): Promise<void>;
  /** Takes the account as an answer of the server says it is now. */
  putMe(me: Me): void;
  /** Ends connections and timers. What is kept stays kept, or goes when `forget` says so. Never rejects. */
  close(forget: boolean): Promise<void>;
}

/**
 * Makes the chat of the user of the session; `start` begins it.
 *
 * @throws {TypeError} when nobody is signed in.
 */
export function createChat<TFile = unknown>(options: ChatOptions<TFile>): Chat<TFile> {
  const { session, clock = systemClock, storage, files } = options;
  const first = session.current.peek()?.me;
  if (first === undefined) throw new TypeError("nobody is signed in; give the session store a session first");
  const userId = first.id;
  const me = signal(first);
  const book = new ConversationBook();
  // A sign-out ends what is under way: somebody else may sign in at once.
  const tokens = session.tokensOf(userId);
  const link: ChatLink = new ChatLink({
    userId,
    tokens,
    createSocket: options.createSocket,
    listener: {
      joined: () => {
        engine.joined();
        // `start` never rejects.
        void outbox.start();
      },
      received: (name, payload) => engine.received(name, payload),
    },
  });
  const call = createCall(link, options.http, tokens);
  const contacts = new Contacts(call, book);
  const reading = new Reading(call, clock);
  const live: LiveEvents = new LiveEvents({
    ...{ book, userId, clock },
    listener: {
      lacking: (conversationId) => catchUp.soon(conversationId),
      ownArrived: (clientMessageId) => outbox.arrived(clientMessageId),
      arrived: (entry, message) => {
        reading.received(entry, message.seq);
        options.arrived?.(entry, message);
      },
    },
  });
  const catchUp = new CatchUp({ book, call, clock, live: () => live });
  const outboxStore = new OutboxStore(storage, files);
  const outbox = new Outbox<TFile>({
    ...{ call, clock, files, store: outboxStore, createId: options.createId },
    sent: (message) => live.message({ message, users: [] }),
  });
  const putMe = (next: Me): void => {
    me.value = next;
    session.update(next);
  };
  const listener = { ...listenFor(contacts, session), me: putMe };
  const engine = new SyncEngine({ ...{ book, call, clock, live, catchUp }, listener });
  const keeper = new Keeper({
    ...{ storage, book, clock, limits: options.kept ?? DEFAULT_KEPT_LIMITS },
    position: () => engine.position,
    hasMore: () => engine.next.peek() !== null,
  });
  const drafts = new Drafts(storage);
  const parts = { userId, me, book, call, link, engine, catchUp, outbox, contacts, reading, drafts };
  const forget = async (): Promise<void> => {
    await outboxStore.clear();
    for (const key of await storage.keys("")) await storage.delete(key);
  };
  return { ...parts, putMe, ...createLife({ ...parts, keeper, forget }) };
}

/** What the other parts make of what the engine tells. */
function listenFor(contacts: Contacts, session: SessionStore): Omit<SyncEngineOptions["listener"], "me"> {
  return {
    userEvent: (event) => contacts.apply(event),
    synced: ({ me: { kind } }) => {
      // What the log tells is carried on from here; a list that did not load loads at the next join.
      if (kind !== "visitor") contacts.load().catch(() => undefined);
    },
    kicked: (kicked) => endIfMine(session, kicked),
  };
}

type Life = Pick<Chat, "start" | "open" | "keep" | "close">;

interface LifeParts extends Pick<Chat, "book" | "engine" | "catchUp" | "reading" | "drafts"> {
  readonly link: ChatLink;
  readonly outbox: Pick<Outbox, "start" | "close">;
  readonly keeper: Keeper;
  readonly forget: () => Promise<void>;
}

function createLife({ book, engine, catchUp, outbox, reading, drafts, keeper, link, forget }: LifeParts): Life {
  let isClosed = false;
  let stopKeeping = (): void => undefined;
  return {
    start: async () => {
      // First, because whoever sees a conversation begins with its draft.
      await drafts.restore();
      const position = await keeper.restore();
      if (position !== undefined) engine.restore(position);
      await outbox.start();
      if (isClosed) return;
      stopKeeping = effect(() => {
        for (const { view, logVersion } of book.list.value) void [view.value, logVersion.value];
        keeper.touch();
      });
      link.open();
    },
    open: async (entry) => {
      await keeper.restoreMessages(entry);
      await catchUp.open(entry);
    },
    keep: () => keeper.write(),
    close: async (isForgotten) => {
      isClosed = true;
      stopKeeping();
      for (const part of [link, engine, catchUp, outbox, reading, keeper]) part.close();
      // What cannot be deleted belongs to a storage that was taken away.
      if (isForgotten) await forget().catch(() => undefined);
    },
  };
}

function endIfMine(session: SessionStore, { sessionId, reason }: InboxEvent<"kicked">): void {
  if (session.current.peek()?.sessionId !== sessionId) return;
  // Another part of this device has signed out: that was asked for.
  session.end(reason === "signed_out" ? undefined : reason);
}
