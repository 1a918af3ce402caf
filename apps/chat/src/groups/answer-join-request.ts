import type { JoinRequest } from "@hutong/chat-api";
import type { Transaction } from "kysely";
import { readUser } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import type { News } from "../inbox/news.ts";
import type { JoinRequestRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { admit } from "./admit.ts";
import { type GroupCall, lockSeat } from "./group-seat.ts";
import { joinRequestView, tellAdmins } from "./join-requests.ts";

const ANSWERED = { accept: "accepted", refuse: "refused" } as const;

/** An admin's answer to a request. */
export interface JoinAnswer extends GroupCall {
  readonly requestId: string;
  readonly answer: keyof typeof ANSWERED;
}

/**
 * Lets somebody in, or not, also when the group has been closed meanwhile. The same answer again changes nothing.
 *
 * @throws {ChatError} as `lockSeat` for admins; `not_found`, `conflict` when it is answered otherwise, `limit_reached`.
 */
export async function answerJoinRequest(
  transaction: Transaction<Tables>,
  { requestId, answer, ...call }: JoinAnswer,
): Promise<{ readonly request: JoinRequest; readonly news: News }> {
  const { conversationId, callerId, at } = call;
  const { conversation } = await lockSeat(transaction, call, "admin");
  const row = await transaction
    .selectFrom("join_requests")
    .selectAll()
    .where("id", "=", requestId)
    .where("conversation_id", "=", conversationId)
    .executeTakeFirst();
  if (row === undefined) throw new ChatError("not_found");
  const { user_id: userId, invited_by: invitedBy } = row;
  const user = await readUser(transaction, userId);
  if (row.state === ANSWERED[answer]) return { request: joinRequestView(row, user), news: [] };
  if (row.state !== "pending") throw new ChatError("conflict");
  const request: JoinRequestRow = { ...row, state: ANSWERED[answer], pending_key: null, handled_by: callerId };
  await transaction.updateTable("join_requests").set(request).where("id", "=", requestId).execute();
  const admission = { conversation, userIds: [userId], actorId: invitedBy ?? userId, at };
  const joined = answer === "accept" ? await admit(transaction, admission) : [];
  const told = await tellAdmins(transaction, { request, alsoIds: [userId], at });
  return { request: joinRequestView(request, user), news: [...joined, ...told] };
}
