import { CHAT_LIMITS } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { ChatError } from "../api/chat-error.ts";
import { readSendDecision } from "../policy/may-send.ts";
import type { Tables } from "../storage/tables.ts";
import type { Caller } from "../api/handlers.ts";
import type { ChangeStep } from "./change-messages.ts";
import type { MessageRules } from "./message-rules.ts";
import { reindexMessage } from "./search/message-index.ts";

/** Replaces the text of an own message. Whoever may not send now may not edit either. */
export async function applyEdit(
  step: ChangeStep,
  {
    text,
    caller,
    rules,
    engine,
  }: {
    readonly text: string;
    readonly caller: Caller;
    readonly rules: MessageRules;
    readonly engine: Database<Tables>["kind"];
  },
): Promise<boolean> {
  const { transaction, row, at } = step;
  if (row.sender_id !== caller.userId) throw new ChatError("forbidden");
  if (row.state !== "sent") throw new ChatError("conflict");
  if (row.type !== "text") throw new ChatError("bad_request", { message: "only texts can be edited" });
  const body = JSON.stringify({ text });
  if (body === row.body) return false;
  if (Buffer.byteLength(body) > CHAT_LIMITS.bodyBytes) throw new ChatError("too_large");
  if (at - row.created_at > rules.editWindowMs) throw new ChatError("edit_expired");
  await refuseSilenced(step, caller);
  await transaction
    .updateTable("messages")
    .set({ body, version: row.version + 1, edited_at: at })
    .where("conversation_id", "=", row.conversation_id)
    .where("seq", "=", row.seq)
    .execute();
  await reindexMessage(transaction, engine, { conversationId: row.conversation_id, seq: row.seq, text });
  return true;
}

/**
 * Holds what adds words or signs to existing messages to the policy of sending, but for the rules that count: it is
 * no further message, so it neither waits for slow mode nor uses up what a stranger may send.
 *
 * @throws {ChatError} the policy's codes.
 */
export async function refuseSilenced(
  { transaction, conversation, member, at }: ChangeStep,
  caller: Caller,
): Promise<void> {
  const decision = await readSendDecision(transaction, {
    senderId: caller.userId,
    senderKind: caller.kind,
    conversation: { ...conversation, slow_mode_ms: 0 },
    member,
    at,
  });
  if (decision.kind === "refuse" && decision.code !== "stranger_limit") throw new ChatError(decision.code);
}
