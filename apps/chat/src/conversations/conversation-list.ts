import type { Conversation } from "@hutong/chat-api";
import { type Kysely, sql } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { Tables } from "../storage/tables.ts";
import { conversationViews } from "./conversation-views.ts";

/** One page of a user's conversations. */
export interface ConversationPage {
  readonly conversations: Conversation[];
  /** For the next page; `null` on the last one. */
  readonly next: string | null;
}

/** Where a page ended: the sort key of its last conversation. */
interface Place {
  readonly pinnedAt: number;
  readonly lastMessageAt: number;
  readonly id: string;
}

/** A user's conversations: pinned ones first, then by the last message. Hidden ones and those that were left are not among them. */
export async function listConversations(
  executor: Kysely<Tables>,
  userId: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<ConversationPage> {
  let query = executor
    .selectFrom("members")
    .innerJoin("conversations", "conversations.id", "members.conversation_id")
    .select(["conversations.id", "members.pinned_at as pinnedAt", "conversations.last_message_at as lastMessageAt"])
    .where("members.user_id", "=", userId)
    .where("members.left_at", "=", 0)
    .where("members.hidden", "=", 0);
  if (after !== undefined) {
    const { pinnedAt, lastMessageAt, id } = readPlace(after);
    query = query.where(
      sql<boolean>`(members.pinned_at, conversations.last_message_at, conversations.id) < (${pinnedAt}, ${lastMessageAt}, ${id})`,
    );
  }
  const places = await query
    .orderBy("members.pinned_at", "desc")
    .orderBy("conversations.last_message_at", "desc")
    .orderBy("conversations.id", "desc")
    .limit(limit + 1)
    .execute();
  const page = places.slice(0, limit);
  const last = page.at(-1);
  const ids = page.map(({ id }) => id);
  return {
    conversations: await conversationViews(executor, userId, ids),
    next: places.length > limit && last !== undefined ? writePlace(last) : null,
  };
}

/** Unread messages of all conversations that notify, for the badge. */
export async function totalUnread(executor: Kysely<Tables>, userId: string): Promise<number> {
  const { unread } = await executor
    .selectFrom("members")
    .innerJoin("conversations", "conversations.id", "members.conversation_id")
    .select(
      sql<
        number | string
      >`coalesce(sum(case when last_counted > read_counted then last_counted - read_counted else 0 end), 0)`.as(
        "unread",
      ),
    )
    .where("members.user_id", "=", userId)
    .where("members.left_at", "=", 0)
    .where("members.notify", "=", 1)
    .executeTakeFirstOrThrow();
  // PostgreSQL widens a sum of bigint to a decimal, which arrives as text.
  return Number(unread);
}

function writePlace({ pinnedAt, lastMessageAt, id }: Place): string {
  return `${pinnedAt}.${lastMessageAt}.${id}`;
}

function readPlace(text: string): Place {
  const [, pinnedAt, lastMessageAt, id] = /^(\d{1,15})\.(\d{1,15})\.(.+)$/.exec(text) ?? [];
  if (id === undefined) throw new ChatError("bad_request", { message: "`after` is not from a page of this list" });
  return { pinnedAt: Number(pinnedAt), lastMessageAt: Number(lastMessageAt), id };
}
