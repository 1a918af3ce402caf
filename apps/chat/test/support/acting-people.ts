import type { ActionInput, ActionName, ActionOutput, NoticeContent, User, UserEventContent } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { TestEngine } from "@hutong/database/testing";
import { FakeClock } from "@hutong/testing";
import { ChatError } from "../../src/api/chat-error.ts";
import type { Handlers } from "../../src/api/handlers.ts";
import { createPerform, type Perform } from "../../src/api/perform.ts";
import { friendHandlers } from "../../src/friends/friend-handlers.ts";
import { groupHandlers } from "../../src/groups/group-handlers.ts";
import type { NewsItem } from "../../src/inbox/news.ts";
import type { MemberRow } from "../../src/storage/rows.ts";
import type { Tables } from "../../src/storage/tables.ts";
import { NOW, withChatDatabase } from "./people.ts";

/** Where the pages of the tests are. */
export const PUBLIC_ADDRESS = "https://chat.example.org";

/** People who call the actions of friends and groups, on a clock that stands still. */
export class ActingPeople {
  readonly database: Database<Tables>;
  readonly clock = new FakeClock(NOW);
  /** What was pushed, in order. */
  readonly news: NewsItem[] = [];
  /** Who was told anew how it stands with whom, as `<user> to <viewer>`, in order. */
  readonly relations: string[] = [];
  readonly #perform: Perform;

  constructor(database: Database<Tables>) {
    this.database = database;
    const inbox = { publish: (news: readonly NewsItem[]) => void this.news.push(...news) };
    const onlineUsers = {
      relationChanged: (userId: string, viewerId: string) => void this.relations.push(`${userId} to ${viewerId}`),
    };
    const parts = { database, clock: this.clock, inbox, onlineUsers, publicUrl: PUBLIC_ADDRESS };
    // The tests call no other actions.
    this.#perform = createPerform({ ...friendHandlers(parts), ...groupHandlers(parts) } as Handlers);
  }

  /** Calls an action as a user. */
  async call<TName extends ActionName>(
    userId: string,
    name: TName,
    input: ActionInput<TName>,
    kind: User["kind"] = "user",
  ): Promise<ActionOutput<TName>> {
    const caller = { userId, kind, sessionId: `session-of-${userId}` };
    const answer = await this.#perform(name, input, { caller, remoteAddress: "127.0.0.1" });
    // The handlers are typed by the same table.
    return answer as ActionOutput<TName>;
  }

  /** The code with which an action refuses; `"done"` when it does not. */
  async code<TName extends ActionName>(userId: string, name: TName, input: ActionInput<TName>): Promise<string> {
    try {
      await this.call(userId, name, input);
      return "done";
    } catch (error) {
      if (error instanceof ChatError) return error.code;
      throw error;
    }
  }

  /** A group of friends of its owner; its id. */
  async group(ownerId: string, userIds: readonly string[]): Promise<string> {
    const { conversation } = await this.call(ownerId, "create_group", { userIds: [...userIds], title: "Lane" });
    return conversation.id;
  }

  /** The events of a user's log, the oldest first. */
  async events(userId: string): Promise<UserEventContent[]> {
    const rows = await this.database.read
      .selectFrom("user_events")
      .select("payload")
      .where("user_id", "=", userId)
      .orderBy("user_seq")
      .execute();
    return rows.map(({ payload }) => JSON.parse(payload));
  }

  /** The kinds of {@link ActingPeople.events}. */
  async eventKinds(userId: string): Promise<string[]> {
    return (await this.events(userId)).map(({ kind }) => kind);
  }

  /** What the server has said in a conversation, the oldest first. */
  async notices(conversationId: string): Promise<NoticeContent["body"][]> {
    const rows = await this.database.read
      .selectFrom("messages")
      .select("body")
      .where("conversation_id", "=", conversationId)
      .where("type", "=", "notice")
      .orderBy("seq")
      .execute();
    return rows.map(({ body }) => JSON.parse(body));
  }

  /** Somebody's row in a conversation. */
  member(conversationId: string, userId: string): Promise<MemberRow> {
    return this.database.read
      .selectFrom("members")
      .selectAll()
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
  }

  /** Who is in a conversation, in the order of their names, and the number that the conversation has. */
  async members(conversationId: string): Promise<{ readonly ids: readonly string[]; readonly count: number }> {
    const rows = await this.database.read
      .selectFrom("members")
      .select("user_id")
      .where("conversation_id", "=", conversationId)
      .where("left_at", "=", 0)
      .orderBy("user_id")
      .execute();
    const { member_count: count } = await this.database.read
      .selectFrom("conversations")
      .select("member_count")
      .where("id", "=", conversationId)
      .executeTakeFirstOrThrow();
    return { ids: rows.map((row) => row.user_id), count };
  }

  /** Forgets the news so far, and gives the events of those that are pushed by `work`, with their topics. */
  async newsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.news.length = 0;
    await work();
    return this.news.flatMap(({ event, topics }) => topics.map((topic) => `${event} ${topic}`));
  }
}

/** Runs `work` with people on an empty chat database. */
export function withPeople(engine: TestEngine, work: (people: ActingPeople) => Promise<void>): Promise<void> {
  return withChatDatabase(engine, (database) => work(new ActingPeople(database)));
}
