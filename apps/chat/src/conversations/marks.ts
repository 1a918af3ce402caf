import type { Transaction } from "kysely";
import { inboxTopic, type News } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import { conversationNews } from "./announce.ts";
import { unreadOf } from "./conversation-views.ts";
import { memberIds, requirePresentMember } from "./membership.ts";

/** In larger conversations nobody is told how far others have read. */
const MAX_TOLD_MEMBERS = 200;

/** A mark that a member moves. */
export interface MarkMove {
  readonly conversationId: string;
  readonly userId: string;
  readonly seq: number;
  readonly at: number;
}

/** Where a member's read mark is, and the pushes that its move brings. */
export interface ReadMark {
  readonly readSeq: number;
  readonly unread: number;
  /** To the member's own devices the conversation, to the others the marks; empty when nothing moved. */
  readonly news: News;
}

/** Moves a member's read mark, which takes its received mark along; neither moves back, and neither passes the last message. */
export async function markRead(
  transaction: Transaction<Tables>,
  { conversationId, userId, seq, at }: MarkMove,
): Promise<ReadMark> {
  const { conversation, member } = await requirePresentMember(transaction, conversationId, userId);
  const readSeq = Math.min(seq, conversation.last_seq);
  if (readSeq <= member.read_seq && member.marked_unread === 0)
    return { readSeq: member.read_seq, unread: unreadOf(conversation, member), news: [] };
  const moved = readSeq > member.read_seq && {
    read_seq: readSeq,
    read_counted: Math.max(await countedAt(transaction, conversationId, readSeq), member.read_counted),
    received_seq: Math.max(readSeq, member.received_seq),
  };
  await transaction
    .updateTable("members")
    .set({ ...moved, marked_unread: 0, updated_at: at })
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .execute();
  const after = { ...member, ...moved };
  const own = await conversationNews(transaction, conversationId, [userId]);
  const news = [...own, ...(await marksNews(transaction, conversationId, userId))];
  return { readSeq: after.read_seq, unread: unreadOf(conversation, after), news };
}

/** Moves a member's received mark. */
export async function markReceived(
  transaction: Transaction<Tables>,
  { conversationId, userId, seq }: MarkMove,
): Promise<News> {
  const { conversation, member } = await requirePresentMember(transaction, conversationId, userId);
  const receivedSeq = Math.min(seq, conversation.last_seq);
  if (receivedSeq <= member.received_seq) return [];
  await transaction
    .updateTable("members")
    .set({ received_seq: receivedSeq })
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .execute();
  return marksNews(transaction, conversationId, userId);
}

/** `counted` of the newest message up to `seq`; messages that retention has thrown away count as read. */
async function countedAt(transaction: Transaction<Tables>, conversationId: string, seq: number): Promise<number> {
  const row = await transaction
    .selectFrom("messages")
    .select("counted")
    .where("conversation_id", "=", conversationId)
    .where("seq", "<=", seq)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.counted ?? 0;
}

async function marksNews(transaction: Transaction<Tables>, conversationId: string, userId: string): Promise<News> {
  const { conversation, member } = await requirePresentMember(transaction, conversationId, userId);
  if (conversation.type === "room" || conversation.member_count > MAX_TOLD_MEMBERS) return [];
  const others = (await memberIds(transaction, conversationId)).filter((id) => id !== userId);
  if (others.length === 0) return [];
  const payload = { conversationId, userId, readSeq: member.read_seq, receivedSeq: member.received_seq };
  return [{ topics: others.map(inboxTopic), event: "marks", payload }];
}
