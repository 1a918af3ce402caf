import type { Conversation, ConversationMeta, Message } from "@hutong/chat-api";
import { type Kysely, sql } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { messageViews } from "../messages/message-views.ts";
import type { ConversationRow, MemberRow, MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { peerOf } from "./open-direct.ts";

/**
 * One conversation as a user sees it.
 *
 * @throws {ChatError} `not_found` when the user never was in it.
 */
export async function conversationView(
  executor: Kysely<Tables>,
  userId: string,
  conversationId: string,
): Promise<Conversation> {
  const [view] = await conversationViews(executor, userId, [conversationId]);
  if (view === undefined) throw new ChatError("not_found");
  return view;
}

/** Conversations as a user sees them, in the order of the ids; those that the user never was in are left out. */
export async function conversationViews(
  executor: Kysely<Tables>,
  userId: string,
  conversationIds: readonly string[],
): Promise<Conversation[]> {
  if (conversationIds.length === 0) return [];
  const [members, conversations, mentions] = await Promise.all([
    executor
      .selectFrom("members")
      .selectAll()
      .where("user_id", "=", userId)
      .where("conversation_id", "in", conversationIds)
      .execute(),
    executor.selectFrom("conversations").selectAll().where("id", "in", conversationIds).execute(),
    unreadMentions(executor, userId, conversationIds),
  ]);
  const rows = new Map(conversations.map((conversation) => [conversation.id, conversation]));
  const [lastMessages, peers] = await Promise.all([
    lastVisibleMessages(executor, userId, rows, members),
    peerMarks(executor, userId, conversations),
  ]);
  const views = new Map<string, Conversation>();
  for (const member of members) {
    const id = member.conversation_id;
    const conversation = rows.get(id);
    if (conversation === undefined) continue;
    const mentioned = (mentions.get(id) ?? 0) > member.read_seq;
    const parts = { lastMessage: lastMessages.get(id) ?? null, peer: peers.get(id), mentioned };
    views.set(id, toView(conversation, member, parts));
  }
  return conversationIds.flatMap((id) => views.get(id) ?? []);
}

interface ViewParts {
  readonly lastMessage: Message | null;
  readonly peer: Pick<MemberRow, "read_seq" | "received_seq"> | undefined;
  readonly mentioned: boolean;
}

function toView(conversation: ConversationRow, member: MemberRow, parts: ViewParts): Conversation {
  const { lastMessage, peer, mentioned } = parts;
  const hasLeft = member.left_at > 0;
  return {
    ...conversationMeta(conversation),
    type: conversation.type,
    peerId: peerOf(conversation, member.user_id),
    lastSeq: hasLeft ? member.max_seq : conversation.last_seq,
    changeSeq: conversation.change_seq,
    lastMessageAt: conversation.last_message_at,
    createdAt: conversation.created_at,
    role: member.role,
    alias: member.alias,
    mutedUntil: member.muted_until,
    readSeq: member.read_seq,
    receivedSeq: member.received_seq,
    minSeq: Math.max(member.min_seq, conversation.min_seq),
    maxSeq: hasLeft ? member.max_seq : null,
    unread: unreadOf(conversation, member),
    markedUnread: member.marked_unread === 1,
    mentioned: mentioned || conversation.mention_all_seq > member.read_seq,
    notify: member.notify === 1,
    pinnedAt: member.pinned_at,
    hidden: member.hidden === 1,
    lastMessage,
    peerReadSeq: peer?.read_seq ?? 0,
    peerReceivedSeq: peer?.received_seq ?? 0,
  };
}

/** What all members see alike. */
export function conversationMeta(row: ConversationRow): ConversationMeta {
  return {
    id: row.id,
    title: row.title,
    avatar: row.avatar,
    notice: row.notice,
    ownerId: row.owner_id,
    joinMode: row.join_mode,
    muteAll: row.mute_all === 1,
    slowModeMs: row.slow_mode_ms,
    historyVisible: row.history_visible === 1,
    state: row.state,
    memberCount: row.member_count,
    metaSeq: row.meta_seq,
  };
}

/** Unread is one subtraction, so that nothing can make it stick. Who has left has nothing to read. */
export function unreadOf(
  conversation: Pick<ConversationRow, "last_counted">,
  member: Pick<MemberRow, "read_counted" | "left_at">,
): number {
  return member.left_at > 0 ? 0 : Math.max(0, conversation.last_counted - member.read_counted);
}

async function lastVisibleMessages(
  executor: Kysely<Tables>,
  userId: string,
  conversations: ReadonlyMap<string, ConversationRow>,
  members: readonly MemberRow[],
): Promise<ReadonlyMap<string, Message>> {
  const places = members.flatMap((member): LastPlace[] => {
    const conversation = conversations.get(member.conversation_id);
    if (conversation === undefined) return [];
    const floor = Math.max(member.min_seq, conversation.min_seq);
    const top = member.left_at > 0 ? member.max_seq : conversation.last_seq;
    return top <= floor ? [] : [{ conversationId: conversation.id, floor, top }];
  });
  const rows = await rowsAtTop(executor, userId, places);
  const found = new Set(rows.map((row) => row.conversation_id));
  for (const place of places) {
    if (found.has(place.conversationId)) continue;
    const row = await lastVisible(executor, userId, place);
    if (row !== undefined) rows.push(row);
  }
  const views = await messageViews(executor, rows, userId);
  return new Map(views.map((view) => [view.conversationId, view]));
}

/** Where the last message of a conversation is looked for: above `floor`, up to `top`. */
interface LastPlace {
  readonly conversationId: string;
  readonly floor: number;
  readonly top: number;
}

/** Nearly always the very last message can be seen: one statement reads all of these. */
async function rowsAtTop(
  executor: Kysely<Tables>,
  userId: string,
  places: readonly LastPlace[],
): Promise<MessageRow[]> {
  if (places.length === 0) return [];
  const keys = places.map(({ conversationId, top }) => sql`(${conversationId}, cast(${top} as bigint))`);
  const { rows } = await sql<MessageRow>`select * from messages
    where (conversation_id, seq) in (values ${sql.join(keys)})
    and not exists (select 1 from hidden_messages where hidden_messages.user_id = ${userId}
      and hidden_messages.conversation_id = messages.conversation_id and hidden_messages.seq = messages.seq)`.execute(
    executor,
  );
  return [...rows];
}

/** Looks further down, where the member has deleted the last messages for itself. */
function lastVisible(
  executor: Kysely<Tables>,
  userId: string,
  { conversationId, floor, top }: LastPlace,
): Promise<MessageRow | undefined> {
  return executor
    .selectFrom("messages")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("seq", "<=", top)
    .where("seq", ">", floor)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom("hidden_messages")
            .select("seq")
            .where("user_id", "=", userId)
            .whereRef("hidden_messages.conversation_id", "=", "messages.conversation_id")
            .whereRef("hidden_messages.seq", "=", "messages.seq"),
        ),
      ),
    )
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
}

async function peerMarks(
  executor: Kysely<Tables>,
  userId: string,
  conversations: readonly ConversationRow[],
): Promise<ReadonlyMap<string, Pick<MemberRow, "read_seq" | "received_seq">>> {
  const directIds = conversations.filter(({ type }) => type === "direct").map(({ id }) => id);
  if (directIds.length === 0) return new Map();
  const rows = await executor
    .selectFrom("members")
    .select(["conversation_id", "read_seq", "received_seq"])
    .where("conversation_id", "in", directIds)
    .where("user_id", "<>", userId)
    .execute();
  return new Map(rows.map((row) => [row.conversation_id, row]));
}

/** The latest mention of the user in each conversation. */
async function unreadMentions(
  executor: Kysely<Tables>,
  userId: string,
  conversationIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await executor
    .selectFrom("mentions")
    .select(({ fn }) => ["conversation_id", fn.max("seq").as("seq")])
    .where("user_id", "=", userId)
    .where("conversation_id", "in", conversationIds)
    .groupBy("conversation_id")
    .execute();
  return new Map(rows.map(({ conversation_id: id, seq }) => [id, seq]));
}
