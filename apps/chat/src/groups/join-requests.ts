import type { JoinRequest } from "@hutong/chat-api";
import type { Kysely, Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import { readUser, readUsers } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import type { News } from "../inbox/news.ts";
import { appendUserEvent } from "../inbox/user-events.ts";
import type { JoinRequestRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { GROUP_LIMITS } from "./group-limits.ts";

/** Somebody who wants, or is wanted, in a group. */
export interface JoinWish {
  readonly conversationId: string;
  readonly userId: string;
  readonly invitedBy: string | null;
  readonly message: string;
  readonly at: number;
}

/** The key of the one request of a user to a group that may be pending. */
export function joinKey(conversationId: string, userId: string): string {
  return `${conversationId}:${userId}`;
}

/**
 * Puts somebody before the admins of a group that is locked. A request that is pending already stays as it is.
 *
 * @throws {ChatError} `rate_limited` when there were too many of that user.
 */
export async function requestToJoin(transaction: Transaction<Tables>, wish: JoinWish): Promise<News> {
  const { conversationId, userId, invitedBy, message, at } = wish;
  if (await isWaiting(transaction, conversationId, userId)) return [];
  const recent = await recentRequests(transaction, wish);
  const since = at - GROUP_LIMITS.requestWindowMs;
  const oldest = recent.filter((request) => request.created_at > since).at(GROUP_LIMITS.requests - 1);
  if (oldest !== undefined) throw new ChatError("rate_limited", { retryAfterMs: oldest.created_at - since });
  const request: JoinRequestRow = {
    id: uuidv7(),
    conversation_id: conversationId,
    user_id: userId,
    invited_by: invitedBy,
    pending_key: joinKey(conversationId, userId),
    message,
    state: "pending",
    created_at: at,
    handled_by: null,
  };
  await transaction.insertInto("join_requests").values(request).execute();
  return tellAdmins(transaction, { request, alsoIds: [], at });
}

/** Whether a user has asked to get into a group and has no answer. */
export async function isWaiting(executor: Kysely<Tables>, conversationId: string, userId: string): Promise<boolean> {
  const row = await executor
    .selectFrom("join_requests")
    .select("id")
    .where("pending_key", "=", joinKey(conversationId, userId))
    .executeTakeFirst();
  return row !== undefined;
}

/** Those who wait to get into a group, the oldest first. */
export async function pendingRequests(executor: Kysely<Tables>, conversationId: string): Promise<JoinRequest[]> {
  const rows = await executor
    .selectFrom("join_requests")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("state", "=", "pending")
    .orderBy("id")
    .limit(GROUP_LIMITS.requestPage)
    .execute();
  const users = await readUsers(
    executor,
    rows.map((row) => row.user_id),
  );
  return rows.flatMap((row) => {
    const user = users.find(({ id }) => id === row.user_id);
    return user === undefined ? [] : [joinRequestView(row, user)];
  });
}

/** A request as the admins see it. */
export function joinRequestView(row: JoinRequestRow, user: JoinRequest["user"]): JoinRequest {
  const { id, conversation_id: conversationId, invited_by: invitedBy, message, state, created_at: createdAt } = row;
  return { id, conversationId, user, invitedBy, message, state, createdAt };
}

/** Writes a request, as it is now, into the logs of the group's admins and of some others. */
export async function tellAdmins(
  transaction: Transaction<Tables>,
  {
    request,
    alsoIds,
    at,
  }: { readonly request: JoinRequestRow; readonly alsoIds: readonly string[]; readonly at: number },
): Promise<News> {
  const admins = await transaction
    .selectFrom("members")
    .select("user_id")
    .where("conversation_id", "=", request.conversation_id)
    .where("left_at", "=", 0)
    .where("role", "in", ["admin", "owner"])
    .execute();
  const view = joinRequestView(request, await readUser(transaction, request.user_id));
  const news: News = [];
  // In one order everywhere, because each append locks a user's row until the transaction ends.
  const userIds = new Set([...admins.map((admin) => admin.user_id), ...alsoIds].sort());
  for (const userId of userIds)
    news.push(await appendUserEvent(transaction, { userId, event: { kind: "join_request", request: view }, at }));
  return news;
}

/** The latest requests of a user to a group, the latest first. */
function recentRequests(
  transaction: Transaction<Tables>,
  { conversationId, userId }: JoinWish,
): Promise<JoinRequestRow[]> {
  return transaction
    .selectFrom("join_requests")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .orderBy("id", "desc")
    .limit(GROUP_LIMITS.requests)
    .execute();
}
