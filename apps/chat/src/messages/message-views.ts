import type { Message, Reaction } from "@hutong/chat-api";
import { type Kysely, sql } from "kysely";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Messages as a viewer sees them, in the order of the rows; `undefined` is nobody in particular. */
export async function messageViews(
  executor: Kysely<Tables>,
  rows: readonly MessageRow[],
  viewerId: string | undefined,
): Promise<Message[]> {
  const reactions = await readReactions(executor, rows);
  return rows.map((row) => messageView(row, viewerId, reactions.get(keyOf(row.conversation_id, row.seq))));
}

/** One message as a viewer sees it; `reactions` are those that it has. */
export function messageView(
  row: MessageRow,
  viewerId: string | undefined,
  reactions: readonly Reaction[] = [],
): Message {
  const { sender_name: senderName, client_message_id: clientMessageId } = row;
  const frame = {
    conversationId: row.conversation_id,
    seq: row.seq,
    id: row.id,
    senderId: row.sender_id,
    ...(senderName !== null && { senderName }),
    ...(clientMessageId !== null && row.sender_id === viewerId && { clientMessageId }),
    replyTo: row.reply_to,
    mentions: JSON.parse(row.mentions),
    mentionsAll: row.mentions_all === 1,
    forwarded: row.forwarded === 1,
    version: row.version,
    editedAt: row.edited_at,
    createdAt: row.created_at,
    reactions: [...reactions],
  };
  if (row.state === "recalled")
    return { ...frame, type: "recalled", body: { actorId: row.recalled_by ?? row.sender_id } };
  if (row.state === "removed") return { ...frame, type: "removed", body: {} };
  // Only content that the API's schema has checked, and notices of this program, get into the table.
  return { ...frame, type: row.type, body: JSON.parse(row.body) } as Message;
}

/** The users whom messages name: their profiles go along with them. */
export function namedUsers(messages: Iterable<Message>): Set<string> {
  const ids = new Set<string>();
  for (const message of messages) {
    if (message.senderName === undefined && message.senderId !== SYSTEM_ID) ids.add(message.senderId);
    for (const id of message.mentions) ids.add(id);
    for (const { userIds } of message.reactions) for (const id of userIds) ids.add(id);
    if (message.type === "card") ids.add(message.body.userId);
    if (message.type === "recalled") ids.add(message.body.actorId);
    if (message.type === "notice") {
      if (message.body.actorId !== null) ids.add(message.body.actorId);
      for (const id of message.body.userIds) ids.add(id);
    }
  }
  return ids;
}

/** The sender of notices. */
export const SYSTEM_ID = "system";

async function readReactions(
  executor: Kysely<Tables>,
  rows: readonly MessageRow[],
): Promise<ReadonlyMap<string, Reaction[]>> {
  const found = new Map<string, Reaction[]>();
  if (rows.length === 0) return found;
  const places = rows.map(({ conversation_id: id, seq }) => sql`(${id}, cast(${seq} as bigint))`);
  const reactions = await executor
    .selectFrom("reactions")
    .selectAll()
    .where(sql<boolean>`(conversation_id, seq) in (values ${sql.join(places)})`)
    .orderBy("created_at")
    .execute();
  for (const { conversation_id: id, seq, emoji, user_id: userId } of reactions) {
    const ofMessage = found.get(keyOf(id, seq)) ?? [];
    found.set(keyOf(id, seq), ofMessage);
    const same = ofMessage.find((reaction) => reaction.emoji === emoji);
    if (same === undefined) ofMessage.push({ emoji, count: 1, userIds: [userId] });
    else {
      same.userIds.push(userId);
      same.count = same.userIds.length;
    }
  }
  return found;
}

function keyOf(conversationId: string, seq: number): string {
  return `${conversationId}:${seq}`;
}
