import type { Transaction } from "kysely";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** A conversation to be; what is not given is off, empty or 0. */
export interface NewConversation {
  readonly id: string;
  readonly type: ConversationRow["type"];
  /** Conversations of which there is only one have a key. @defaultValue null */
  readonly uniqueKey?: string | null;
  readonly title?: string;
  readonly ownerId?: string | null;
  readonly joinMode: ConversationRow["join_mode"];
  readonly historyVisible?: boolean;
  readonly at: number;
}

/** Makes a conversation without members; where one with the same key is there, gives that one. */
export async function insertConversation(
  transaction: Transaction<Tables>,
  { id, type, uniqueKey = null, title = "", ownerId = null, joinMode, historyVisible = false, at }: NewConversation,
): Promise<{ readonly conversation: ConversationRow; readonly isNew: boolean }> {
  const inserted = await transaction
    .insertInto("conversations")
    .values({
      id,
      type,
      unique_key: uniqueKey,
      title,
      avatar: null,
      notice: "",
      owner_id: ownerId,
      join_mode: joinMode,
      mute_all: 0,
      slow_mode_ms: 0,
      history_visible: historyVisible ? 1 : 0,
      state: "active",
      member_count: 0,
      last_seq: 0,
      last_counted: 0,
      change_seq: 0,
      meta_seq: 0,
      min_seq: 0,
      mention_all_seq: 0,
      last_message_at: at,
      updated_at: at,
      created_at: at,
    })
    .onConflict((conflict) => conflict.column("unique_key").doNothing())
    .returningAll()
    .executeTakeFirst();
  if (inserted !== undefined) return { conversation: inserted, isNew: true };
  const conversation = await transaction
    .selectFrom("conversations")
    .selectAll()
    .where("unique_key", "=", uniqueKey)
    .executeTakeFirstOrThrow();
  return { conversation, isNew: false };
}
