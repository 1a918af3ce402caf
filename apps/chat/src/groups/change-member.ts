import type { Member, Role } from "@hutong/chat-api";
import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { memberViews } from "../conversations/list-members.ts";
import type { News } from "../inbox/news.ts";
import type { MemberRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { type GroupCall, lockSeat, requirePresent } from "./group-seat.ts";
import { outranks } from "./roles.ts";
import { type GroupNotice, tellMembers } from "./tell-members.ts";

/** A member as it now is, and the pushes that are due. */
export interface ChangedMember {
  readonly member: Member;
  readonly news: News;
}

/**
 * Makes a member an admin or an admin a member.
 *
 * @throws {ChatError} as `lockSeat` for the owner; `not_found`, `forbidden` for the owner's own role.
 */
export async function setRole(
  transaction: Transaction<Tables>,
  { userId, role, ...call }: GroupCall & { readonly userId: string; readonly role: Exclude<Role, "owner"> },
): Promise<ChangedMember> {
  const { conversationId, callerId } = call;
  const seat = await lockSeat(transaction, call, "owner");
  const target = await requirePresent(transaction, conversationId, userId);
  if (!outranks(seat.member.role, target.role)) throw new ChatError("forbidden");
  if (target.role === role) return { member: await viewOf(transaction, target), news: [] };
  const notice = { kind: "role_changed", actorId: callerId, userIds: [userId], text: role } as const;
  return changeMember(transaction, call, { target, set: { role }, notice });
}

/**
 * Keeps a member from writing for a time from now on; 0 lets the member write again.
 *
 * @throws {ChatError} as `lockSeat` for admins; `not_found`, `forbidden` when the member's role is not lower.
 */
export async function muteMember(
  transaction: Transaction<Tables>,
  { userId, forMs, ...call }: GroupCall & { readonly userId: string; readonly forMs: number },
): Promise<ChangedMember> {
  const { conversationId, callerId, at } = call;
  const seat = await lockSeat(transaction, call, "admin");
  const target = await requirePresent(transaction, conversationId, userId);
  if (!outranks(seat.member.role, target.role)) throw new ChatError("forbidden");
  const mutedUntil = forMs === 0 ? 0 : at + forMs;
  if (target.muted_until === mutedUntil) return { member: await viewOf(transaction, target), news: [] };
  const notice = { kind: "member_muted", actorId: callerId, userIds: [userId], text: String(mutedUntil) } as const;
  return changeMember(transaction, call, { target, set: { muted_until: mutedUntil }, notice });
}

interface MemberChange {
  readonly target: MemberRow;
  readonly set: Partial<Pick<MemberRow, "role" | "muted_until">>;
  readonly notice: GroupNotice;
}

async function changeMember(
  transaction: Transaction<Tables>,
  { conversationId, at }: GroupCall,
  { target, set, notice }: MemberChange,
): Promise<ChangedMember> {
  const { user_id: userId } = target;
  const row = await transaction
    .updateTable("members")
    .set({ ...set, updated_at: at })
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .returningAll()
    .executeTakeFirstOrThrow();
  const member = await viewOf(transaction, row);
  return { member, news: await tellMembers(transaction, { conversationId, notice, changedIds: [userId], at }) };
}

async function viewOf(transaction: Transaction<Tables>, row: MemberRow): Promise<Member> {
  const [member] = await memberViews(transaction, [row]);
  if (member === undefined) throw new ChatError("not_found");
  return member;
}
