import type { ParsedInput } from "@hutong/chat-api";
import type { Transaction, Updateable } from "kysely";
import type { Tables } from "../storage/tables.ts";
import { requireMember, requirePresentMember } from "./membership.ts";

/** Whose membership changes, where and when. */
export interface OwnMembership {
  readonly conversationId: string;
  readonly userId: string;
  readonly at: number;
}

/** What a member can change of its own place; what is left out stays. */
export type MembershipChange = Omit<ParsedInput<"update_membership">, "conversationId">;

/** Changes what is given of a member's pin, notifications, hiding, unread mark and alias. */
export async function changeMembership(
  transaction: Transaction<Tables>,
  place: OwnMembership,
  { pinned, notify, hidden, markedUnread, alias }: MembershipChange,
): Promise<void> {
  await requirePresentMember(transaction, place.conversationId, place.userId);
  await update(transaction, place, {
    ...(pinned !== undefined && { pinned_at: pinned ? place.at : 0 }),
    ...(notify !== undefined && { notify: notify ? 1 : 0 }),
    ...(hidden !== undefined && { hidden: hidden ? 1 : 0 }),
    ...(markedUnread !== undefined && { marked_unread: markedUnread ? 1 : 0 }),
    ...(alias !== undefined && { alias }),
  });
}

/** Hides everything said so far from the member, and counts it as read. */
export async function clearHistory(transaction: Transaction<Tables>, place: OwnMembership): Promise<void> {
  const { conversation, member } = await requireMember(transaction, place.conversationId, place.userId);
  const lastSeq = member.left_at > 0 ? member.max_seq : conversation.last_seq;
  await update(transaction, place, {
    min_seq: lastSeq,
    read_seq: lastSeq,
    read_counted: conversation.last_counted,
    received_seq: lastSeq,
    marked_unread: 0,
  });
}

async function update(
  transaction: Transaction<Tables>,
  { conversationId, userId, at }: OwnMembership,
  change: Updateable<Tables["members"]>,
): Promise<void> {
  await transaction
    .updateTable("members")
    .set({ ...change, updated_at: at })
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .execute();
}
