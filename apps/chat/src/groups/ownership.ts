import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { News } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import { type GroupCall, lockOwnSeat, lockSeat, requirePresent, requireRole } from "./group-seat.ts";
import { tellMembers } from "./tell-members.ts";

/**
 * Makes another member the owner; the owner before is an admin from then on. Nothing happens when that one is the owner.
 *
 * @throws {ChatError} as `lockSeat` for the owner; `not_found` when the user is no member.
 */
export async function transferGroup(
  transaction: Transaction<Tables>,
  { userId, ...call }: GroupCall & { readonly userId: string },
): Promise<News> {
  const { conversationId, callerId, at } = call;
  const { conversation, member } = await lockSeat(transaction, call);
  if (conversation.owner_id === userId) return [];
  if (member.role !== "owner") throw new ChatError("forbidden");
  await requirePresent(transaction, conversationId, userId);
  await setRole(transaction, call, { userId: callerId, role: "admin" });
  await setRole(transaction, call, { userId, role: "owner" });
  await transaction.updateTable("conversations").set({ owner_id: userId }).where("id", "=", conversationId).execute();
  const notice = { kind: "owner_changed", actorId: callerId, userIds: [userId] } as const;
  return tellMembers(transaction, { conversationId, notice, changedIds: [callerId, userId], at });
}

/**
 * Ends a group for everyone; its members can read it from then on, and nothing else. Nothing happens the second time.
 *
 * @throws {ChatError} as `lockSeat` for the owner.
 */
export async function dismissGroup(transaction: Transaction<Tables>, call: GroupCall): Promise<News> {
  const { conversationId, callerId, at } = call;
  const seat = await lockOwnSeat(transaction, call);
  if (seat.conversation.state === "dismissed" && seat.member.role === "owner") return [];
  requireRole(seat, "owner");
  await transaction.updateTable("conversations").set({ state: "dismissed" }).where("id", "=", conversationId).execute();
  const notice = { kind: "group_dismissed", actorId: callerId, userIds: [] } as const;
  return tellMembers(transaction, { conversationId, notice, at });
}

async function setRole(
  transaction: Transaction<Tables>,
  { conversationId, at }: GroupCall,
  { userId, role }: { readonly userId: string; readonly role: "admin" | "owner" },
): Promise<void> {
  await transaction
    .updateTable("members")
    .set({ role, updated_at: at })
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .execute();
}
