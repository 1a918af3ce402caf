import type { Transaction } from "kysely";
import { requireMember } from "../conversations/membership.ts";
import type { News } from "../inbox/news.ts";
import { appendUserEvent } from "../inbox/user-events.ts";
import type { Tables } from "../storage/tables.ts";
import { rowsAt } from "./read-messages.ts";
import { sightOf } from "./visible-messages.ts";

/** Hides messages from one user; those that it does not see anyway are left out. Gives the push to its devices. */
export async function deleteMessages(
  transaction: Transaction<Tables>,
  {
    conversationId,
    seqs,
    userId,
    at,
  }: {
    readonly conversationId: string;
    readonly seqs: readonly number[];
    readonly userId: string;
    readonly at: number;
  },
): Promise<News> {
  const { conversation, member } = await requireMember(transaction, conversationId, userId);
  const { floor, top } = sightOf(conversation, member);
  const shown = (await rowsAt(transaction, conversationId, seqs)).filter(({ seq }) => seq > floor && seq <= top);
  const hidden: number[] = [];
  for (const { seq } of shown) {
    const { numInsertedOrUpdatedRows: added } = await transaction
      .insertInto("hidden_messages")
      .values({ user_id: userId, conversation_id: conversationId, seq })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (added === 1n) hidden.push(seq);
  }
  if (hidden.length === 0) return [];
  // A mention in a message that is gone would mark the conversation, with nothing to see there.
  await transaction
    .deleteFrom("mentions")
    .where("user_id", "=", userId)
    .where("conversation_id", "=", conversationId)
    .where("seq", "in", hidden)
    .execute();
  return [
    await appendUserEvent(transaction, {
      userId,
      event: { kind: "messages_deleted", conversationId, seqs: hidden },
      at,
    }),
  ];
}
