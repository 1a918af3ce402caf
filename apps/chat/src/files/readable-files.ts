import { type Kysely, sql } from "kysely";
import type { FileRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Whether a user may read a file: its own, a profile picture, or one in a message that the user can see. */
export async function isReadable(
  executor: Kysely<Tables>,
  file: Pick<FileRow, "id" | "owner_id" | "purpose">,
  userId: string,
): Promise<boolean> {
  if (file.owner_id === userId || file.purpose === "profile") return true;
  const { rows } = await sql<{ seen: number }>`select 1 as seen from file_references
    join members on members.conversation_id = file_references.conversation_id and members.user_id = ${userId}
    join conversations on conversations.id = file_references.conversation_id
    join messages on messages.conversation_id = file_references.conversation_id and messages.seq = file_references.seq
    where file_references.file_id = ${file.id} and messages.state = 'sent'
      and messages.seq > members.min_seq and messages.seq > conversations.min_seq
      and (members.left_at = 0 or messages.seq <= members.max_seq)
      and not exists (select 1 from hidden_messages where hidden_messages.user_id = members.user_id
        and hidden_messages.conversation_id = messages.conversation_id and hidden_messages.seq = messages.seq)
    limit 1`.execute(executor);
  return rows.length > 0;
}
