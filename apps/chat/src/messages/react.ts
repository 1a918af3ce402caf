import { CHAT_LIMITS } from "@hutong/chat-api";
import { ChatError } from "../api/chat-error.ts";
import type { Caller } from "../api/handlers.ts";
import type { ChangeStep } from "./change-messages.ts";
import { refuseSilenced } from "./edit-message.ts";

/** Adds or takes back one reaction. */
export async function applyReaction(
  step: ChangeStep,
  { emoji, on, caller }: { readonly emoji: string; readonly on: boolean; readonly caller: Caller },
): Promise<boolean> {
  const { transaction, row, at } = step;
  const { conversation_id: conversationId, seq } = row;
  if (!on) {
    const { numDeletedRows } = await transaction
      .deleteFrom("reactions")
      .where("conversation_id", "=", conversationId)
      .where("seq", "=", seq)
      .where("user_id", "=", caller.userId)
      .where("emoji", "=", emoji)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
  }
  if (row.state !== "sent") throw new ChatError("conflict");
  await refuseSilenced(step, caller);
  const present = await transaction
    .selectFrom("reactions")
    .select("emoji")
    .distinct()
    .where("conversation_id", "=", conversationId)
    .where("seq", "=", seq)
    .execute();
  if (present.length >= CHAT_LIMITS.reactions && !present.some((reaction) => reaction.emoji === emoji))
    throw new ChatError("limit_reached");
  const { numInsertedOrUpdatedRows: added } = await transaction
    .insertInto("reactions")
    .values({ conversation_id: conversationId, seq, user_id: caller.userId, emoji, created_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return added === 1n;
}
