import type { Database } from "@hutong/database";
import { ChatError } from "../api/chat-error.ts";
import type { Tables } from "../storage/tables.ts";
import type { ChangeStep } from "./change-messages.ts";
import type { FileReferences } from "./file-references.ts";
import type { MessageRules } from "./message-rules.ts";
import { forgetMessages } from "./forget-messages.ts";

/** Takes a message back: its content leaves the row, the index and the files. */
export async function applyRecall(
  { transaction, conversation, member, row, at }: ChangeStep,
  {
    rules: { recallWindowMs, recallGraceMs },
    engine,
    files,
  }: { readonly rules: MessageRules; readonly engine: Database<Tables>["kind"]; readonly files: FileReferences },
): Promise<boolean> {
  if (row.state !== "sent") return false;
  const isAdmin = conversation.type === "group" && member.role !== "member";
  const isOwn = row.sender_id === member.user_id;
  if (row.type === "notice" || !(isOwn || isAdmin)) throw new ChatError("forbidden");
  if (!isAdmin && at - row.created_at > recallWindowMs + recallGraceMs) throw new ChatError("recall_expired");
  const { conversation_id: conversationId, seq } = row;
  await transaction
    .updateTable("messages")
    .set({ state: "recalled", recalled_by: member.user_id, body: "{}", mentions: "[]", version: row.version + 1 })
    .where("conversation_id", "=", conversationId)
    .where("seq", "=", seq)
    .execute();
  await forgetMessages(transaction, [row], { engine, files });
  return true;
}
