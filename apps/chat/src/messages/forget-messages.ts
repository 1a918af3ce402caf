import type { Database } from "@hutong/database";
import type { Transaction } from "kysely";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { mentionedIds } from "./message-mentions.ts";
import type { FileReferences } from "./file-references.ts";
import { unindexMessages } from "./search/message-index.ts";

/** What hangs on content beside its row. */
export interface ForgetParts {
  readonly engine: Database<Tables>["kind"];
  readonly files: FileReferences;
}

/**
 * Takes away what hangs on the content of successive messages of one conversation: reactions, mentions, files and their place in
 * the index. `rows` as they were.
 */
export async function forgetMessages(
  transaction: Transaction<Tables>,
  rows: readonly Pick<MessageRow, "conversation_id" | "seq" | "mentions" | "type">[],
  { engine, files }: ForgetParts,
): Promise<void> {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return;
  const conversationId = first.conversation_id;
  await transaction
    .deleteFrom("reactions")
    .where("conversation_id", "=", conversationId)
    .where("seq", ">=", first.seq)
    .where("seq", "<=", last.seq)
    .execute();
  await unindexMessages(transaction, engine, { conversationId, from: first.seq, to: last.seq });
  for (const { seq, mentions, type } of rows) {
    const userIds = mentionedIds(mentions);
    // The table is in the order of the users, whose marks are read; without them every row would be looked at.
    if (userIds.length > 0)
      await transaction
        .deleteFrom("mentions")
        .where("user_id", "in", userIds)
        .where("conversation_id", "=", conversationId)
        .where("seq", "=", seq)
        .execute();
    if (TYPES_WITH_FILES.has(type)) await files.releaseFiles(transaction, { conversationId, seq });
  }
}

const TYPES_WITH_FILES: ReadonlySet<string> = new Set(["image", "voice", "video", "file"]);
