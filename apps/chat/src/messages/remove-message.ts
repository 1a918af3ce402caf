import type { Change } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { sql, type Transaction } from "kysely";
import { memberIds } from "../conversations/membership.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { Tables } from "../storage/tables.ts";
import { lockConversation } from "./conversation-lock.ts";
import type { FileReferences, MessagePlace } from "./file-references.ts";
import { forgetMessages } from "./forget-messages.ts";
import { audienceTopics, changeNews } from "./message-news.ts";
import { messageViews, SYSTEM_ID } from "./message-views.ts";

/** What {@link removeMessage} stands on. */
export interface RemoveMessageParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly inbox: Pick<Inbox, "publish">;
  readonly files: FileReferences;
}

/** Takes a message's content away for everyone, on behalf of the server. Resolves with whether there was anything to take away. */
export async function removeMessage(parts: RemoveMessageParts, place: MessagePlace): Promise<boolean> {
  const told = await parts.database.write((transaction) => remove(transaction, parts, place));
  if (told !== undefined) parts.inbox.publish(changeNews(told.topics, told.change, []));
  return told !== undefined;
}

async function remove(
  transaction: Transaction<Tables>,
  { database: { kind: engine }, clock, files }: RemoveMessageParts,
  { conversationId, seq }: MessagePlace,
): Promise<{ readonly change: Change; readonly topics: readonly string[] } | undefined> {
  const conversation = await lockConversation(transaction, engine, conversationId);
  const row = await transaction
    .selectFrom("messages")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("seq", "=", seq)
    .executeTakeFirst();
  if (conversation === undefined || row?.state !== "sent") return undefined;
  const at = clock.now();
  const removed = await transaction
    .updateTable("messages")
    .set({ state: "removed", body: "{}", mentions: "[]", version: row.version + 1 })
    .where("conversation_id", "=", conversationId)
    .where("seq", "=", seq)
    .returningAll()
    .executeTakeFirstOrThrow();
  await forgetMessages(transaction, [row], { engine, files });
  const changeSeq = conversation.change_seq + 1;
  await sql`update conversations set change_seq = ${changeSeq}, updated_at = ${at}
    where id = ${conversationId}`.execute(transaction);
  await transaction
    .insertInto("message_changes")
    .values({
      ...{ conversation_id: conversationId, change_seq: changeSeq, seq, kind: "removal", actor_id: SYSTEM_ID },
      created_at: at,
    })
    .execute();
  const members = conversation.type === "room" ? [] : await memberIds(transaction, conversationId);
  const [message] = await messageViews(transaction, [removed], undefined);
  if (message === undefined) return undefined;
  const change: Change = { conversationId, changeSeq, kind: "removal", actorId: SYSTEM_ID, message };
  return { change, topics: audienceTopics(conversation, members) };
}
