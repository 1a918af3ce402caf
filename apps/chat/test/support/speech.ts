import type { Database } from "@hutong/database";
import { uuidv7 } from "uuidv7";
import type { Tables } from "../../src/storage/tables.ts";
import { NOW } from "./people.ts";

/** Puts texts of one sender into a conversation, past every rule. */
export async function say(
  database: Database<Tables>,
  conversationId: string,
  { from, texts, at = NOW }: { readonly from: string; readonly texts: readonly string[]; readonly at?: number },
): Promise<void> {
  await database.write(async (transaction) => {
    for (const text of texts) {
      const { last_seq: seq, last_counted: counted } = await transaction
        .updateTable("conversations")
        .set((row) => ({
          last_seq: row("last_seq", "+", 1),
          last_counted: row("last_counted", "+", 1),
          last_message_at: at,
          updated_at: at,
        }))
        .where("id", "=", conversationId)
        .returning(["last_seq", "last_counted"])
        .executeTakeFirstOrThrow();
      const id = uuidv7();
      await transaction
        .insertInto("messages")
        .values({
          conversation_id: conversationId,
          seq,
          id,
          counted,
          sender_id: from,
          sender_name: null,
          client_message_id: id,
          content_hash: id,
          type: "text",
          body: JSON.stringify({ text }),
          reply_to: 0,
          mentions: "[]",
          mentions_all: 0,
          forwarded: 0,
          state: "sent",
          recalled_by: null,
          version: 1,
          edited_at: 0,
          created_at: at,
        })
        .execute();
    }
  });
}
