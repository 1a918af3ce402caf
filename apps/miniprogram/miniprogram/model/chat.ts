import type { InboxEvent, Me } from "@hutong/chat-api";
import type { Clock, KeyValueStorage } from "@hutong/client/wechat";
import { type Call, createCall, type HttpCall } from "./call";
import { CatchUp } from "./catch-up";
import { Changes } from "./changes";
import { ChatLink, type SocketFactory } from "./chat-link";
import { Contacts } from "./contacts";
import { ConversationBook } from "./conversation-book";
import { Keeper } from "./keeper";
import { LiveEvents } from "./live-events";
import { Outbox, type OutboxOptions } from "./outbox";
import { Reading } from "./reading";
import type { SessionStore } from "./session-store";
import { SyncEngine } from "./sync-engine";

/** What a chat is made of. */
export interface ChatOptions extends Pick<OutboxOptions, "createId" | "upload"> {
  readonly session: SessionStore;
  readonly http: HttpCall;
  readonly clock: Clock;
  readonly createSocket: SocketFactory;
  /** Gives a storage of its own to each name. */
  storage(name: string): KeyValueStorage;
}

/** The chat of one signed-in user: what is known, what is on its way, and how the server is reached. */
export interface Chat {
  readonly userId: string;
  /** Tells that anything below has changed. */
  readonly changes: Changes;
  readonly book: ConversationBook;
  readonly call: Call;
  readonly link: Pick<ChatLink, "state" | "retryNow" | "showRoom">;
  readonly engine: SyncEngine;
  readonly catchUp: CatchUp;
  readonly outbox: Outbox;
  readonly contacts: Contacts;
  readonly reading: Reading;
  /** The account, as it is known here. */
  me(): Me;
  /** Takes the account as an answer of the server says it is now. */
  putMe(me: Me): void;
  /** Shows what is kept on the device, then connects. Never rejects. */
  start(): Promise<void>;
  /** Keeps what is known, at once: the mini-program may be frozen in a moment. */
  keep(): void;
  /** Ends connections and timers. What is kept stays kept, or goes when `forget` says so. Never rejects. */
  close(forget: boolean): Promise<void>;
}

/** Makes the chat of the user of the session; `start` begins it. */
export function createChat(options: ChatOptions, first: Me): Chat {
  const { session, http, clock, createId, upload } = options;
  const userId = first.id;
  const changes = new Changes(clock);
  const book = new ConversationBook(changes);
  const link: ChatLink = new ChatLink({
    userId,
    tokens: session,
    createSocket: options.createSocket,
    changed: () => changes.tell(),
    listener: {
      joined: () => {
        engine.joined();
        outbox.wake();
      },
      received: (name, payload) => engine.received(name, payload),
    },
  });
  const call = createCall(link, http, session);
  const contacts = new Contacts({ call, book, changes });
  const reading = new Reading({ book, call, clock });
  const catchUp = new CatchUp({ book, call, clock });
  const live: LiveEvents = new LiveEvents({
    book,
    userId,
    clock,
    listener: {
      lacking: (conversationId) => catchUp.soon(conversationId),
      ownArrived: (clientMessageId) => outbox.arrived(clientMessageId),
      arrived: (entry, message) => reading.received(entry, message.seq),
    },
  });
  const outbox = new Outbox({
    ...{ call, clock, changes, createId, upload },
    storage: options.storage(`outbox:${userId}`),
    sent: (message) => live.message({ message, users: [] }),
  });
  let me = first;
  const putMe = (next: Me): void => {
    me = next;
    session.update(next);
    changes.tell();
  };
  const engine = new SyncEngine({
    ...{ book, call, clock, live, catchUp },
    listener: {
      me: putMe,
      userEvent: (event) => contacts.apply(event),
      synced: ({ me: { kind } }) => {
        // What the log tells is carried on from here; a list that did not load loads at the next join.
        if (kind !== "visitor") contacts.load().catch(() => undefined);
      },
      kicked: (kicked) => endIfMine(session, kicked),
    },
  });
  const keeper = new Keeper({
    ...{ book, clock },
    storage: options.storage(`kept:${userId}`),
    position: () => engine.position,
    hasMore: () => engine.hasMore,
  });
  const parts = { userId, changes, book, call, link, engine, catchUp, outbox, contacts, reading };
  return { ...parts, me: () => me, putMe, ...createLife({ ...parts, link, keeper }) };
}

type Parts = Omit<Chat, "link" | "me" | "putMe" | keyof Life> & { readonly link: ChatLink; readonly keeper: Keeper };
type Life = Pick<Chat, "start" | "keep" | "close">;

function createLife({ engine, catchUp, outbox, reading, keeper, link, changes }: Parts): Life {
  let isClosed = false;
  let stopKeeping = (): void => undefined;
  return {
    start: async () => {
      const position = await keeper.restore();
      if (position !== undefined) engine.restore(position);
      await outbox.start();
      if (isClosed) return;
      stopKeeping = changes.listen(() => keeper.touch());
      link.open();
    },
    keep: () => keeper.keep(),
    close: async (forget) => {
      isClosed = true;
      stopKeeping();
      for (const part of [link, engine, catchUp, outbox, reading, keeper]) part.close();
      if (forget) await keeper.forget();
    },
  };
}

function endIfMine(session: SessionStore, { sessionId, reason }: InboxEvent<"kicked">): void {
  if (session.current?.sessionId === sessionId) session.end(reason);
}
