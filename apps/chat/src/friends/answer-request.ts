import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { News } from "../inbox/news.ts";
import { isBlocked } from "../policy/blocks.ts";
import type { FriendRequestRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { isOpen } from "./friend-views.ts";
import { lockUsers } from "./lock-users.ts";
import { makeFriends } from "./make-friends.ts";
import { requestEvents } from "./request-events.ts";

const ANSWERED = { accept: "accepted", refuse: "refused", ignore: "ignored" } as const;

/** What somebody says to a request. */
export interface RequestAnswer {
  readonly requestId: string;
  /** Who answers. */
  readonly userId: string;
  readonly answer: keyof typeof ANSWERED;
  /** What the one who accepts will call the friend. */
  readonly remark: string;
  readonly at: number;
}

/**
 * Answers a request. The same answer again changes nothing; an ignored request can still be accepted or refused.
 *
 * @throws {ChatError} `not_found` when there is no such request to the user, `conflict` when it is answered otherwise, has
 * expired, or comes from somebody whom the user has blocked; `limit_reached`.
 */
export async function answerRequest(
  transaction: Transaction<Tables>,
  { requestId, userId, answer, remark, at }: RequestAnswer,
): Promise<{ readonly request: FriendRequestRow; readonly news: News }> {
  const { from_id: fromId } = await readRequest(transaction, requestId, userId);
  await lockUsers(transaction, [fromId, userId]);
  const request = await readRequest(transaction, requestId, userId);
  if (request.state === ANSWERED[answer]) return { request, news: [] };
  if (!isOpen(request, at)) throw new ChatError("conflict");
  if (answer === "accept") {
    if (await isBlocked(transaction, { by: userId, userId: fromId })) throw new ChatError("conflict");
    return acceptRequest(transaction, { request, remark, at });
  }
  const answered = await settle(transaction, { request, state: ANSWERED[answer], at });
  const userIds = answer === "ignore" ? [userId] : [userId, fromId];
  const news = await requestEvents(transaction, { kind: "friend_request_answered", request: answered, userIds, at });
  return { request: answered, news };
}

/** Accepts an open request of two who are locked. `remark` is what the one who accepts will call the friend. */
export async function acceptRequest(
  transaction: Transaction<Tables>,
  { request, remark, at }: { readonly request: FriendRequestRow; readonly remark: string; readonly at: number },
): Promise<{ readonly request: FriendRequestRow; readonly news: News }> {
  const { from_id: fromId, to_id: toId, remark: fromRemark } = request;
  const accepted = await settle(transaction, { request, state: "accepted", at });
  const userIds = [fromId, toId];
  const answered = await requestEvents(transaction, {
    kind: "friend_request_answered",
    request: accepted,
    userIds,
    at,
  });
  const made = await makeFriends(transaction, { fromId, fromRemark, toId, toRemark: remark, at });
  return { request: accepted, news: [...answered, ...made] };
}

async function readRequest(
  transaction: Transaction<Tables>,
  requestId: string,
  toId: string,
): Promise<FriendRequestRow> {
  const request = await transaction
    .selectFrom("friend_requests")
    .selectAll()
    .where("id", "=", requestId)
    .where("to_id", "=", toId)
    .executeTakeFirst();
  if (request === undefined) throw new ChatError("not_found");
  return request;
}

async function settle(
  transaction: Transaction<Tables>,
  { request, state, at }: Pick<FriendRequestRow, "state"> & { readonly request: FriendRequestRow; readonly at: number },
): Promise<FriendRequestRow> {
  return transaction
    .updateTable("friend_requests")
    .set({ state, pending_key: null, handled_at: at })
    .where("id", "=", request.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
