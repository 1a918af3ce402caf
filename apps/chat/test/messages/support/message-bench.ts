import { type ActionName, type ActionOutput, ACTIONS } from "@hutong/chat-api";
import { type Database, openDatabase } from "@hutong/database";
import type { TestEngine } from "@hutong/database/testing";
import type { Server } from "@hutong/server";
import { FakeClock } from "@hutong/testing";
import { expect } from "vitest";
import { Profiles } from "../../../src/accounts/profiles.ts";
import { ChatError } from "../../../src/api/chat-error.ts";
import type { Handlers } from "../../../src/api/handlers.ts";
import { createPerform, type Perform } from "../../../src/api/perform.ts";
import { addMember } from "../../../src/conversations/membership.ts";
import { insertConversation } from "../../../src/conversations/insert-conversation.ts";
import { openDirect } from "../../../src/conversations/open-direct.ts";
import { ensureRoom } from "../../../src/conversations/open-room.ts";
import { Inbox } from "../../../src/inbox/inbox.ts";
import type { NewsItem } from "../../../src/inbox/news.ts";
import type { FileReferences } from "../../../src/messages/file-references.ts";
import { messageHandlers } from "../../../src/messages/message-handlers.ts";
import type { MessageDraft, MessageStore } from "../../../src/messages/message-store.ts";
import { SqlMessageStore } from "../../../src/messages/sql-message-store.ts";
import { RoomFeed } from "../../../src/rooms/room-feed.ts";
import { MIGRATIONS } from "../../../src/storage/migrations.ts";
import type { MessageRow } from "../../../src/storage/rows.ts";
import type { Tables } from "../../../src/storage/tables.ts";

/** One broadcast of the server. */
export interface Heard {
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
}

/** The messages part on a database of its own. */
export interface MessageBench extends AsyncDisposable {
  readonly url: string;
  readonly database: Database<Tables>;
  readonly clock: FakeClock;
  readonly store: MessageStore;
  /** What was published, in order. */
  readonly news: NewsItem[];
  /** What the topics of rooms heard, in order. */
  readonly heard: Heard[];
  readonly failures: unknown[];
  readonly files: FileBook;
  /** Pushes on to a server from now on. */
  pushTo(server: Pick<Server, "broadcast">): void;
  /** Makes an account that takes messages of everyone. */
  user(id: string, kind?: "user" | "visitor"): Promise<string>;
  /** Makes a group; the first one owns it. */
  group(...userIds: readonly string[]): Promise<string>;
  direct(userId: string, peerId: string): Promise<string>;
  room(name: string, ...userIds: readonly string[]): Promise<string>;
  /** Another store over the same database, as another process has. */
  anotherStore(): Promise<MessageStore>;
  /** Does an action for a user. */
  call<TName extends ActionName>(userId: string, name: TName, input: object): Promise<ActionOutput<TName>>;
  /** Sends a text and gives its seq. */
  say(userId: string, conversationId: string, text: string): Promise<number>;
  rows(conversationId: string): Promise<MessageRow[]>;
}

/** The references that were made and taken back; a file belongs to the user whose name its id begins with. */
export class FileBook implements FileReferences {
  readonly references = new Map<string, string[]>();

  async referenceFiles(
    _transaction: unknown,
    { fileIds, ownerId, conversationId, seq }: Parameters<FileReferences["referenceFiles"]>[1],
  ): Promise<void> {
    await Promise.resolve();
    if (fileIds.some((id) => !id.startsWith(ownerId))) throw new ChatError("not_found");
    this.references.set(`${conversationId}:${seq}`, [...fileIds]);
  }

  async releaseFiles(
    _transaction: unknown,
    { conversationId, seq }: Parameters<FileReferences["releaseFiles"]>[1],
  ): Promise<void> {
    await Promise.resolve();
    this.references.delete(`${conversationId}:${seq}`);
  }
}

/** A draft of a text. */
export function textDraft(
  conversationId: string,
  senderId: string,
  { text = "hello", id = crypto.randomUUID() }: { readonly text?: string; readonly id?: string } = {},
): MessageDraft {
  return {
    conversationId,
    sender: { id: senderId, kind: "user", name: null },
    clientMessageId: id,
    content: { type: "text", body: { text } },
    replyTo: 0,
    mentions: [],
    mentionsAll: false,
    forwarded: false,
  };
}

/** The code of the `ChatError` that a call rejects with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChatError);
  return error instanceof ChatError ? error.code : "";
}

/** Opens a bench. */
export async function openMessageBench(engine: TestEngine): Promise<MessageBench> {
  const temporary = await engine.create(MIGRATIONS);
  const database = await openDatabase<Tables>(temporary.url);
  const others: Database<Tables>[] = [];
  const clock = new FakeClock();
  const news: NewsItem[] = [];
  const heard: Heard[] = [];
  const failures: unknown[] = [];
  const files = new FileBook();
  let server: Pick<Server, "broadcast"> | undefined;
  const inbox = new Inbox({ broadcast: (...push) => server?.broadcast(...push) });
  const partsOver = (opened: Database<Tables>) => ({
    database: opened,
    clock,
    profiles: new Profiles(opened, clock),
    inbox: {
      publish: (items: readonly NewsItem[]) => {
        news.push(...items);
        inbox.publish(items);
      },
    },
    files,
    rooms: new RoomFeed(
      {
        broadcast: (topics, event, payload) => {
          heard.push(...[topics].flat().map((topic) => ({ topic, event, payload })));
          server?.broadcast(topics, event, payload);
        },
      },
      opened,
    ),
    failed: (error: unknown) => void failures.push(error),
  });
  const store = new SqlMessageStore(partsOver(database));
  // Only actions of messages are called, and those are all there.
  const handlers = messageHandlers({ ...partsOver(database), store }) as Handlers;
  const perform: Perform = createPerform(handlers);
  const call = async <TName extends ActionName>(
    userId: string,
    name: TName,
    input: object,
  ): Promise<ActionOutput<TName>> => {
    const { kind } = await database.read
      .selectFrom("users")
      .select("kind")
      .where("id", "=", userId)
      .executeTakeFirstOrThrow();
    const caller = { userId, kind, sessionId: `session-${userId}` };
    const output = await perform(name, input, { caller, remoteAddress: "127.0.0.1" });
    // The schema of the output checks it.
    return ACTIONS[name].output.parse(output) as ActionOutput<TName>;
  };
  const enter = async (conversationId: string, userIds: readonly string[]): Promise<void> => {
    for (const [place, userId] of userIds.entries())
      await database.write(async (transaction) => {
        const conversation = await transaction
          .selectFrom("conversations")
          .selectAll()
          .where("id", "=", conversationId)
          .executeTakeFirstOrThrow();
        const role = place === 0 && conversation.type === "group" ? "owner" : "member";
        await addMember(transaction, { conversation, userId, role, at: clock.now() });
      });
  };
  return {
    url: temporary.url,
    database,
    clock,
    store,
    news,
    heard,
    failures,
    files,
    pushTo: (target) => {
      server = target;
    },
    call,
    user: async (id, kind = "user") => {
      const settings = JSON.stringify({
        strangers: { visitor: null, user: null },
        addMe: "anyone",
        showPresence: true,
      });
      const profile = { username: id, display_username: id, kind, nickname: id.toUpperCase(), avatar: null };
      const times = { created_at: 1, last_seen_at: 1 };
      await database.write((transaction) =>
        transaction
          .insertInto("users")
          .values({ id, ...profile, details: "{}", settings, status: "active", user_seq: 0, ...times })
          .execute(),
      );
      return id;
    },
    group: async (...userIds) => {
      const id = crypto.randomUUID();
      const at = clock.now();
      const ownerId = userIds[0] ?? null;
      await database.write((transaction) =>
        insertConversation(transaction, { id, type: "group", title: "g", ownerId, joinMode: "invite", at }),
      );
      await enter(id, userIds);
      return id;
    },
    direct: (userId, peerId) =>
      database.write((transaction) => openDirect(transaction, { userId, peerId, at: clock.now() })),
    room: async (name, ...userIds) => {
      const { id } = await database.write((transaction) => ensureRoom(transaction, { name, at: clock.now() }));
      await enter(id, userIds);
      return id;
    },
    anotherStore: async () => {
      const opened = await openDatabase<Tables>(temporary.url);
      others.push(opened);
      return new SqlMessageStore(partsOver(opened));
    },
    say: async (userId, conversationId, text) => {
      const input = { conversationId, clientMessageId: crypto.randomUUID(), content: { type: "text", body: { text } } };
      return (await call(userId, "send_message", input)).message.seq;
    },
    rows: (conversationId) =>
      database.read
        .selectFrom("messages")
        .selectAll()
        .where("conversation_id", "=", conversationId)
        .orderBy("seq")
        .execute(),
    async [Symbol.asyncDispose]() {
      for (const other of others) await other.close();
      await database.close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}
