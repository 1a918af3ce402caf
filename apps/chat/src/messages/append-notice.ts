import type { NoticeContent } from "@hutong/chat-api";
import { sql, type Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import { readUsers } from "../accounts/profiles.ts";
import { memberIds } from "../conversations/membership.ts";
import type { News } from "../inbox/news.ts";
import type { ConversationRow, MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { audienceTopics, messageNews } from "./message-news.ts";
import { messageView, namedUsers, SYSTEM_ID } from "./message-views.ts";
import { insertMessage } from "./write-messages.ts";

/**
 * Has the server say in a conversation what happened in it, inside the transaction in which it happens. A notice does not
 * count as unread. The pushes go to the members as they are at that point of the transaction.
 */
export async function appendNotice(
  transaction: Transaction<Tables>,
  {
    conversationId,
    body,
    at,
  }: { readonly conversationId: string; readonly body: NoticeContent["body"]; readonly at: number },
): Promise<News> {
  const conversation = await numberNotice(transaction, conversationId, at);
  const row: MessageRow = {
    conversation_id: conversationId,
    seq: conversation.last_seq,
    id: uuidv7(),
    counted: conversation.last_counted,
    sender_id: SYSTEM_ID,
    sender_name: null,
    client_message_id: null,
    content_hash: "",
    type: "notice",
    body: JSON.stringify(body),
    reply_to: 0,
    mentions: "[]",
    mentions_all: 0,
    forwarded: 0,
    state: "sent",
    recalled_by: null,
    version: 1,
    edited_at: 0,
    created_at: at,
  };
  await insertMessage(transaction, row);
  const message = messageView(row, undefined);
  const members = conversation.type === "room" ? [] : await memberIds(transaction, conversationId);
  return messageNews({
    conversation,
    audience: audienceTopics(conversation, members),
    message,
    clientMessageId: null,
    users: await readUsers(transaction, namedUsers([message])),
  });
}

async function numberNotice(
  transaction: Transaction<Tables>,
  conversationId: string,
  at: number,
): Promise<ConversationRow> {
  const { rows } = await sql<ConversationRow>`update conversations set last_seq = last_seq + 1,
    last_message_at = ${at}, updated_at = ${at} where id = ${conversationId} returning *`.execute(transaction);
  const [conversation] = rows;
  if (conversation === undefined) throw new TypeError(`there is no conversation ${conversationId} to say something in`);
  return conversation;
}
