import { randomBytes } from "node:crypto";
import type { ActionOutput } from "@hutong/chat-api";
import { type Kysely, sql, type Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { GroupInviteRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { GROUP_LIMITS } from "./group-limits.ts";
import { type GroupCall, lockSeat } from "./group-seat.ts";

const TOKEN_BYTES = 32;

/** An invitation to be made. */
export interface NewInvite extends GroupCall {
  readonly expiresInMs: number;
  /** 0 is without a limit. */
  readonly maxUses: number;
}

/**
 * Makes an invitation into a group. It ends when its maker leaves.
 *
 * @throws {ChatError} as `lockSeat`; `forbidden` when the group is closed, `limit_reached`.
 */
export async function createInvite(
  transaction: Transaction<Tables>,
  { expiresInMs, maxUses, ...call }: NewInvite,
): Promise<GroupInviteRow> {
  const { conversationId, callerId, at } = call;
  const { conversation } = await lockSeat(transaction, call);
  if (conversation.join_mode === "closed") throw new ChatError("forbidden");
  await sweepInvites(transaction, call);
  const invite: GroupInviteRow = {
    token: randomBytes(TOKEN_BYTES).toString("base64url"),
    conversation_id: conversationId,
    creator_id: callerId,
    max_uses: maxUses,
    uses: 0,
    expires_at: at + expiresInMs,
    revoked_at: 0,
  };
  await transaction.insertInto("group_invites").values(invite).execute();
  return invite;
}

/** Forgets invitations that cannot be used any more, and refuses more of the others than there may be. */
async function sweepInvites(transaction: Transaction<Tables>, { conversationId, at }: GroupCall): Promise<void> {
  await transaction
    .deleteFrom("group_invites")
    .where("conversation_id", "=", conversationId)
    .where((row) =>
      row.or([
        row("expires_at", "<=", at),
        row("revoked_at", ">", 0),
        row.and([row("max_uses", ">", 0), row("uses", ">=", row.ref("max_uses"))]),
      ]),
    )
    .execute();
  const { count } = await transaction
    .selectFrom("group_invites")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("conversation_id", "=", conversationId)
    .executeTakeFirstOrThrow();
  if (count >= GROUP_LIMITS.invites) throw new ChatError("limit_reached");
}

/**
 * Makes all invitations into a group void.
 *
 * @throws {ChatError} as `lockSeat` for admins.
 */
export async function revokeInvites(transaction: Transaction<Tables>, call: GroupCall): Promise<void> {
  await lockSeat(transaction, call, "admin");
  await transaction
    .updateTable("group_invites")
    .set({ revoked_at: call.at })
    .where("conversation_id", "=", call.conversationId)
    .where("revoked_at", "=", 0)
    .execute();
}

/** Who holds an invitation, and when. */
export interface InviteHolder {
  readonly token: string;
  readonly userId: string;
  readonly at: number;
}

/**
 * What an invitation leads to.
 *
 * @throws {ChatError} `not_found` when it cannot be used, unless the holder is in the group already.
 */
export async function describeInvite(
  executor: Kysely<Tables>,
  holder: InviteHolder,
): Promise<ActionOutput<"get_invite">> {
  const invite = await readInvite(executor, holder.token);
  const conversation = await executor
    .selectFrom("conversations")
    .selectAll()
    .where("id", "=", invite.conversation_id)
    .executeTakeFirstOrThrow();
  const member = await executor
    .selectFrom("members")
    .select("user_id")
    .where("conversation_id", "=", conversation.id)
    .where("user_id", "=", holder.userId)
    .where("left_at", "=", 0)
    .executeTakeFirst();
  const isMember = member !== undefined;
  if (!isMember && (!isUsable(invite, holder.at) || conversation.state !== "active")) throw new ChatError("not_found");
  const { id: conversationId, title, avatar, member_count: memberCount, join_mode: joinMode } = conversation;
  return { conversationId, title, avatar, memberCount, joinMode, isMember };
}

/**
 * An invitation, in whatever state it is.
 *
 * @throws {ChatError} `not_found` when there is none.
 */
export async function readInvite(executor: Kysely<Tables>, token: string): Promise<GroupInviteRow> {
  const invite = await executor.selectFrom("group_invites").selectAll().where("token", "=", token).executeTakeFirst();
  if (invite === undefined) throw new ChatError("not_found");
  return invite;
}

/** Takes one use of an invitation whose group is locked. @throws {ChatError} `not_found` when there is none left. */
export async function takeInvite(transaction: Transaction<Tables>, { token, at }: InviteHolder): Promise<void> {
  if (!isUsable(await readInvite(transaction, token), at)) throw new ChatError("not_found");
  await transaction
    .updateTable("group_invites")
    .set({ uses: sql`uses + 1` })
    .where("token", "=", token)
    .execute();
}

function isUsable(invite: GroupInviteRow, at: number): boolean {
  const { revoked_at: revokedAt, expires_at: expiresAt, max_uses: maxUses, uses } = invite;
  return revokedAt === 0 && expiresAt > at && (maxUses === 0 || uses < maxUses);
}
