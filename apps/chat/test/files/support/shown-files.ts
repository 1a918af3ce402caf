import type { Database } from "@hutong/database";
import { insertConversation } from "../../../src/conversations/insert-conversation.ts";
import { addMember } from "../../../src/conversations/membership.ts";
import { fileReferences } from "../../../src/files/file-references.ts";
import type { Tables } from "../../../src/storage/tables.ts";
import { NOW } from "../../support/people.ts";
import { say } from "../../support/speech.ts";

/** Makes a group of which new members see nothing that was said before. */
export async function group(database: Database<Tables>, id: string, userIds: readonly string[]): Promise<string> {
  await database.write((transaction) =>
    insertConversation(transaction, { id, type: "group", joinMode: "invite", ownerId: userIds[0] ?? null, at: NOW }),
  );
  for (const userId of userIds) await enter(database, id, userId);
  return id;
}

/** Brings somebody into a group. */
export async function enter(database: Database<Tables>, conversationId: string, userId: string): Promise<void> {
  await database.write(async (transaction) => {
    const conversation = await transaction
      .selectFrom("conversations")
      .selectAll()
      .where("id", "=", conversationId)
      .executeTakeFirstOrThrow();
    await addMember(transaction, { conversation, userId, at: NOW });
  });
}

/** Sends a message that shows files, and gives its seq. */
export async function show(
  database: Database<Tables>,
  conversationId: string,
  { from, fileIds }: { readonly from: string; readonly fileIds: readonly string[] },
): Promise<number> {
  const { last_seq: lastSeq } = await database.read
    .selectFrom("conversations")
    .select("last_seq")
    .where("id", "=", conversationId)
    .executeTakeFirstOrThrow();
  const seq = lastSeq + 1;
  await database.write((transaction) =>
    fileReferences.referenceFiles(transaction, { conversationId, seq, fileIds, ownerId: from }),
  );
  await say(database, conversationId, { from, texts: ["a file"] });
  return seq;
}

/** Takes a message back. */
export async function recall(database: Database<Tables>, conversationId: string, seq: number): Promise<void> {
  await database.write(async (transaction) => {
    await transaction
      .updateTable("messages")
      .set({ state: "recalled" })
      .where("conversation_id", "=", conversationId)
      .where("seq", "=", seq)
      .execute();
    await fileReferences.releaseFiles(transaction, { conversationId, seq });
  });
}
