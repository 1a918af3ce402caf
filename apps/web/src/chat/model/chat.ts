import type { InboxEvent, Me, Message } from "@hutong/chat-api";
import { effect, type ReadonlySignal, type Signal } from "@preact/signals";

import type { Clock } from "../../clock.ts";
import { CatchUp } from "./catch-up.ts";
import { type Call, createCall } from "./chat-api.ts";
import { ChatLink, type ChatLinkOptions } from "./chat-link.ts";
import { Contacts } from "./contacts.ts";
import { ConversationBook, type ConversationEntry } from "./conversation-book.ts";
import { type DraftHome, Drafts } from "./drafts.ts";
import type { HttpCall } from "./http-call.ts";
import { Keeper } from "./keeper.ts";
import { LiveEvents } from "./live-events.ts";
import type { LocalStore } from "./local-store.ts";
import { Outbox, type OutboxOptions } from "./outbox.ts";
import type { PendingFile } from "./outbox-entry.ts";
import { Reading } from "./reading.ts";
import type { SessionStore } from "./session-store.ts";
import { SyncEngine, type SyncEngineOptions } from "./sync-engine.ts";

/** Uploads a file and makes the content of its message; `token` is an access token. Rejects with a `CallError`. */
export type Upload = (
  file: PendingFile,
  progress: (share: number) => void,
  token: string,
) => ReturnType<OutboxOptions["upload"]>;

/** What a {@link Chat} is made of. */
export interface ChatOptions extends Pick<OutboxOptions, "createId">, Pick<ChatLinkOptions, "createSocket"> {
  readonly session: SessionStore;
  readonly http: HttpCall;
  readonly clock: Clock;
  readonly store: LocalStore;
  readonly drafts: DraftHome;
  readonly upload: Upload;
  /** A message of somebody else has come while the page runs. */
  arrived(entry: ConversationEntry, message: Message): void;
}

/** The chat of one signed-in user: what is known, what is on its way, and how the server is reached. */
export interface Chat {
  readonly userId: string;
  readonly me: ReadonlySignal<Me>;
  readonly book: ConversationBook;
  readonly call: Call;
  readonly link: Pick<ChatLink, "state" | "retryNow" | "showRoom">;
  readonly engine: SyncEngine;
  readonly catchUp: CatchUp;
  readonly outbox: Outbox;
  readonly contacts: Contacts;
  readonly reading: Reading;
  readonly drafts: Drafts;
  readonly keeper: Keeper;
  /** Shows what is kept on the device, then connects. Never rejects. */
  start(): Promise<void>;
  /** Takes the account as an answer of the server says it is now. */
  putMe(me: Me): void;
  /** Ends connections and timers. What is kept stays kept, or goes when `forget` says so. Never rejects. */
  close(forget: boolean): Promise<void>;
}

/** Makes the chat of the user of the session; `start` begins it. */
export function createChat(options: ChatOptions, me: Signal<Me>): Chat {
  const { session, http, clock, store, createId } = options;
  const userId = me.peek().id;
  const book = new ConversationBook();
  const link: ChatLink = new ChatLink({
    userId,
    token: (renew) => tokenOf(session, renew),
    listener: {
      joined: () => {
        engine.joined();
        outbox.wake();
      },
      received: (name, payload) => engine.received(name, payload),
    },
    ...(options.createSocket !== undefined && { createSocket: options.createSocket }),
  });
  const actionLink = {
    isLive: () => link.state.peek().kind === "live",
    push: (...given: Parameters<ChatLink["push"]>) => link.push(...given),
  };
  const call = createCall(actionLink, http, session);
  const contacts = new Contacts(call, book);
  const reading = new Reading(call, clock);
  const live: LiveEvents = new LiveEvents({
    book,
    userId,
    clock,
    listener: {
      lacking: (conversationId) => catchUp.soon(conversationId),
      ownArrived: (clientMessageId) => outbox.arrived(clientMessageId),
      arrived: (entry, message) => {
        reading.received(entry, message.seq);
        options.arrived(entry, message);
      },
    },
  });
  const catchUp = new CatchUp({ book, call, clock, live: () => live });
  const outbox = new Outbox({
    call,
    clock,
    store,
    createId,
    upload: async (file, progress) => options.upload(file, progress, await session.token()),
    sent: (message) => live.message({ message, users: [] }),
  });
  const putMe = (next: Me): void => {
    me.value = next;
    session.update(next);
  };
  const engine = new SyncEngine({
    book,
    call,
    clock,
    live,
    catchUp,
    listener: { ...listenFor(contacts, session), me: putMe },
  });
  const keeper = new Keeper({ store, book, clock, me: () => me.peek(), position: () => engine.position });
  const parts = {
    userId,
    me,
    book,
    call,
    link,
    engine,
    catchUp,
    outbox,
    contacts,
    reading,
    drafts: new Drafts(options.drafts),
    keeper,
  };
  return { ...parts, putMe, ...createLife(parts, store) };
}

/** What the rest of the page makes of what the engine tells. */
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

type Parts = Pick<Chat, "book" | "engine" | "catchUp" | "outbox" | "reading" | "keeper"> & { readonly link: ChatLink };

function createLife(parts: Parts, store: LocalStore): Pick<Chat, "start" | "close"> {
  const { book, engine, catchUp, outbox, reading, keeper, link } = parts;
  let isClosed = false;
  let stopKeeping = (): void => undefined;
  return {
    start: async () => {
      const kept = await keeper.restore();
      if (kept !== undefined) engine.restore(kept.position);
      await outbox.start();
      if (isClosed) return;
      stopKeeping = effect(() => {
        for (const { view, logVersion } of book.list.value) void [view.value, logVersion.value];
        keeper.touch();
      });
      link.open();
    },
    close: async (forget) => {
      isClosed = true;
      stopKeeping();
      link.close();
      for (const part of [engine, catchUp, outbox, reading, keeper]) part.close();
      // What cannot be deleted belongs to a storage that the browser has taken away.
      if (forget) await store.clear().catch(() => undefined);
      store.close();
    },
  };
}

async function tokenOf(session: SessionStore, renew: boolean): Promise<string> {
  const token = await session.token();
  return renew ? (await session.refresh(token)).accessToken : token;
}

function endIfMine(session: SessionStore, { sessionId, reason }: InboxEvent<"kicked">): void {
  if (session.current.peek()?.sessionId !== sessionId) return;
  // Another tab of this browser has signed out: that was asked for.
  session.end(reason === "signed_out" ? undefined : reason);
}
