import { type Kysely, sql } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { ConversationRow, MemberRow, MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** The messages that a member may see: those after `floor`, up to `top`, without those it has deleted for itself. */
export interface Sight {
  readonly conversationId: string;
  readonly userId: string;
  readonly floor: number;
  readonly top: number;
}

/** What a member, or somebody who has left, may see of a conversation. */
export function sightOf(conversation: ConversationRow, member: MemberRow): Sight {
  return {
    conversationId: conversation.id,
    userId: member.user_id,
    floor: Math.max(member.min_seq, conversation.min_seq),
    top: member.left_at > 0 ? member.max_seq : conversation.last_seq,
  };
}

/** Part of what can be seen: seqs above `above` and below `below`, the nearest to the end that `from` names. */
export interface SightRange {
  readonly above: number;
  readonly below: number;
  readonly from: "oldest" | "newest";
  readonly limit: number;
}

/** Visible messages of a range, in ascending order, and whether the range has more of them than the limit. */
export async function visibleMessages(
  executor: Kysely<Tables>,
  { conversationId, userId, floor, top }: Sight,
  { above, below, from, limit }: SightRange,
): Promise<{ readonly rows: MessageRow[]; readonly more: boolean }> {
  const direction = sql.raw(from === "newest" ? "desc" : "asc");
  const { rows } = await sql<MessageRow>`select * from messages where conversation_id = ${conversationId}
    and seq > ${Math.max(above, floor)} and seq < ${Math.min(below, top + 1)}
    and not exists (select 1 from hidden_messages where hidden_messages.user_id = ${userId}
      and hidden_messages.conversation_id = messages.conversation_id and hidden_messages.seq = messages.seq)
    order by seq ${direction} limit ${limit + 1}`.execute(executor);
  const page = rows.slice(0, limit);
  return { rows: from === "newest" ? page.toReversed() : page, more: rows.length > limit };
}

/**
 * One visible message.
 *
 * @throws {ChatError} `not_found`.
 */
export async function visibleMessage(executor: Kysely<Tables>, sight: Sight, seq: number): Promise<MessageRow> {
  const { rows } = await visibleMessages(executor, sight, { above: seq - 1, below: seq + 1, from: "oldest", limit: 1 });
  const [row] = rows;
  if (row === undefined) throw new ChatError("not_found");
  return row;
}
