import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { FileReferences, MessagePlace } from "../messages/file-references.ts";
import type { Tables } from "../storage/tables.ts";
import { lockFiles } from "./lock-files.ts";
import { isReadable } from "./readable-files.ts";

/** The references of messages to files, in the database. */
export const fileReferences: FileReferences = { referenceFiles, releaseFiles };

async function referenceFiles(
  transaction: Transaction<Tables>,
  { conversationId, seq, ...wish }: MessagePlace & { readonly fileIds: readonly string[]; readonly ownerId: string },
): Promise<void> {
  const fileIds = [...new Set(wish.fileIds)];
  if (fileIds.length === 0) return;
  const files = await lockFiles(transaction, fileIds);
  if (files.length < fileIds.length) throw new ChatError("not_found");
  for (const file of files) if (!(await isReadable(transaction, file, wish.ownerId))) throw new ChatError("not_found");
  await transaction
    .insertInto("file_references")
    .values(fileIds.map((fileId) => ({ file_id: fileId, conversation_id: conversationId, seq })))
    .execute();
}

async function releaseFiles(transaction: Transaction<Tables>, { conversationId, seq }: MessagePlace): Promise<void> {
  await transaction
    .deleteFrom("file_references")
    .where("conversation_id", "=", conversationId)
    .where("seq", "=", seq)
    .execute();
}
