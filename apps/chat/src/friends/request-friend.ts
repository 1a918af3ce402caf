import type { Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import { readSettings } from "../accounts/account-views.ts";
import { ChatError } from "../api/chat-error.ts";
import type { News } from "../inbox/news.ts";
import { isBlocked } from "../policy/blocks.ts";
import type { FriendRequestRow, UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { acceptRequest } from "./answer-request.ts";
import { FRIEND_LIMITS } from "./friend-limits.ts";
import { isOpen } from "./friend-views.ts";
import { lockUsers } from "./lock-users.ts";
import { areFriends, makeFriends } from "./make-friends.ts";
import { requestEvents } from "./request-events.ts";

/** Somebody's wish to be a friend of somebody else. */
export interface FriendWish {
  readonly fromId: string;
  readonly toId: string;
  readonly message: string;
  /** What the one who asks will call the other. */
  readonly remark: string;
  readonly at: number;
}

/** A request as it now is, and the pushes that are due. */
export interface RequestOutcome {
  readonly request: FriendRequestRow;
  readonly news: News;
}

/**
 * Asks for a friendship. Whoever asks again gets the request that is there, and so do friends, as long as it is kept;
 * a request that comes the other way round is accepted.
 *
 * @throws {ChatError} `bad_request`, `not_found`, `users_only`, `blocked`, `conflict`, `rate_limited` or `limit_reached`.
 */
export async function requestFriend(transaction: Transaction<Tables>, wish: FriendWish): Promise<RequestOutcome> {
  const { fromId, toId, at } = wish;
  if (fromId === toId) throw new ChatError("bad_request", { message: "Nobody is a friend of oneself." });
  const [, to] = await lockUsers(transaction, [fromId, toId]);
  if (to.kind !== "user") throw new ChatError("users_only", { message: "Only users can be friends." });
  const requests = await requestsBetween(transaction, wish);
  if (await areFriends(transaction, { userId: fromId, friendId: toId })) {
    const accepted = requests.find(({ state }) => state === "accepted");
    if (accepted === undefined) throw new ChatError("conflict", { message: "The two are friends already." });
    return { request: accepted, news: [] };
  }
  await requireNoBlock(transaction, wish);
  const own = requests.find((request) => request.from_id === fromId && isOpen(request, at));
  if (own !== undefined) return { request: own, news: [] };
  const opposite = requests.find((request) => request.from_id === toId && isOpen(request, at));
  if (opposite !== undefined) return acceptRequest(transaction, { request: opposite, remark: wish.remark, at });
  requireCalm(requests, wish);
  await requireFewAsked(transaction, wish);
  return ask(transaction, wish, to);
}

/** Both directions, the latest first. */
function requestsBetween(transaction: Transaction<Tables>, { fromId, toId }: FriendWish): Promise<FriendRequestRow[]> {
  return transaction
    .selectFrom("friend_requests")
    .selectAll()
    .where((row) =>
      row.or([
        row.and([row("from_id", "=", fromId), row("to_id", "=", toId)]),
        row.and([row("from_id", "=", toId), row("to_id", "=", fromId)]),
      ]),
    )
    .orderBy("id", "desc")
    .limit(FRIEND_LIMITS.requestPage)
    .execute();
}

async function requireNoBlock(transaction: Transaction<Tables>, { fromId, toId }: FriendWish): Promise<void> {
  if (await isBlocked(transaction, { by: toId, userId: fromId })) throw new ChatError("blocked");
  if (await isBlocked(transaction, { by: fromId, userId: toId }))
    throw new ChatError("conflict", { message: "The caller has blocked this user." });
}

function requireCalm(requests: readonly FriendRequestRow[], { fromId, at }: FriendWish): void {
  const since = at - FRIEND_LIMITS.requestWindowMs;
  const recent = requests.filter((request) => request.from_id === fromId && request.created_at > since);
  const oldest = recent.at(FRIEND_LIMITS.requests - 1);
  if (oldest !== undefined) throw new ChatError("rate_limited", { retryAfterMs: oldest.created_at - since });
}

/** Whoever asks everybody wants no friends. */
async function requireFewAsked(transaction: Transaction<Tables>, { fromId, at }: FriendWish): Promise<void> {
  const since = at - FRIEND_LIMITS.requestWindowMs;
  const oldest = await transaction
    .selectFrom("friend_requests")
    .select("created_at")
    .where("from_id", "=", fromId)
    .where("created_at", ">", since)
    .orderBy("id", "desc")
    .offset(FRIEND_LIMITS.requestsToAll - 1)
    .limit(1)
    .executeTakeFirst();
  if (oldest !== undefined) throw new ChatError("rate_limited", { retryAfterMs: oldest.created_at - since });
}

/** Puts the request before the other one, unless that one's settings answer it. */
async function ask(transaction: Transaction<Tables>, wish: FriendWish, to: UserRow): Promise<RequestOutcome> {
  const { fromId, toId, message, remark, at } = wish;
  const { addMe } = readSettings(to);
  if (addMe === "nobody") throw new ChatError("blocked");
  const isAccepted = addMe === "anyone";
  const request: FriendRequestRow = {
    id: uuidv7(),
    from_id: fromId,
    to_id: toId,
    pending_key: isAccepted ? null : `${fromId}:${toId}`,
    message,
    remark,
    state: isAccepted ? "accepted" : "pending",
    created_at: at,
    handled_at: isAccepted ? at : 0,
  };
  await expirePending(transaction, wish);
  await transaction.insertInto("friend_requests").values(request).execute();
  const news = isAccepted
    ? await makeFriends(transaction, { fromId, fromRemark: remark, toId, toRemark: "", at })
    : await requestEvents(transaction, { kind: "friend_request", request, userIds: [toId, fromId], at });
  return { request, news };
}

/** A request that nobody answered in time gives up its place. */
async function expirePending(transaction: Transaction<Tables>, { fromId, toId, at }: FriendWish): Promise<void> {
  await transaction
    .updateTable("friend_requests")
    .set({ state: "expired", pending_key: null, handled_at: at })
    .where("pending_key", "=", `${fromId}:${toId}`)
    .execute();
}
