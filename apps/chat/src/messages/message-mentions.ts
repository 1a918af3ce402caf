import type { Transaction } from "kysely";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Adds a row for everyone whom the messages mention. */
export async function insertMentions(transaction: Transaction<Tables>, rows: readonly MessageRow[]): Promise<void> {
  const values = rows.flatMap(({ conversation_id: conversationId, seq, mentions }) => {
    return mentionedIds(mentions).map((userId) => ({ user_id: userId, conversation_id: conversationId, seq }));
  });
  if (values.length > 0) await transaction.insertInto("mentions").values(values).execute();
}

/** The ids in a message's column of mentions. */
export function mentionedIds(mentions: string): readonly string[] {
  // Written by the send transaction only: a list of ids.
  return mentions === "[]" ? [] : (JSON.parse(mentions) as readonly string[]);
}
