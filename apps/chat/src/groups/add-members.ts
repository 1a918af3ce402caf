import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { memberIds } from "../conversations/membership.ts";
import type { News } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import { admit } from "./admit.ts";
import { type GroupCall, lockSeat } from "./group-seat.ts";
import { readInvitable } from "./invitable.ts";
import { requestToJoin } from "./join-requests.ts";
import { reaches } from "./roles.ts";

/** What became of those who were to be brought in. */
export interface AddedMembers {
  /** In the group now, those who were in it before included. */
  readonly added: string[];
  /** Before the admins. */
  readonly waiting: string[];
  /** No friends of the caller, or not to be asked again now. */
  readonly refused: string[];
  readonly news: News;
}

/**
 * Brings friends into a group. Where the group wants approval, those whom an ordinary member brings wait for it.
 *
 * @throws {ChatError} as `lockSeat`; `forbidden` when the group is closed, `limit_reached` when there is no room for all.
 */
export async function addMembers(
  transaction: Transaction<Tables>,
  { userIds, ...call }: GroupCall & { readonly userIds: readonly string[] },
): Promise<AddedMembers> {
  const { conversationId, callerId, at } = call;
  const { conversation, member } = await lockSeat(transaction, call);
  if (conversation.join_mode === "closed") throw new ChatError("forbidden");
  const present = new Set(await memberIds(transaction, conversationId));
  const wantedIds = [...new Set(userIds)];
  const newIds = wantedIds.filter((userId) => !present.has(userId));
  const { friendIds, blockerIds } = await readInvitable(transaction, callerId, newIds);
  const invitedIds = newIds.filter((userId) => friendIds.has(userId) && !blockerIds.has(userId));
  const refused = newIds.filter((userId) => !invitedIds.includes(userId));
  const presentIds = wantedIds.filter((userId) => present.has(userId));
  if (conversation.join_mode === "approval" && !reaches(member.role, "admin")) {
    const asked = await askForAll(transaction, call, invitedIds);
    return { ...asked, added: presentIds, refused: [...refused, ...asked.refused] };
  }
  const news = await admit(transaction, { conversation, userIds: invitedIds, actorId: callerId, at });
  return { added: [...presentIds, ...invitedIds], waiting: [], refused, news };
}

async function askForAll(
  transaction: Transaction<Tables>,
  { conversationId, callerId, at }: GroupCall,
  userIds: readonly string[],
): Promise<Omit<AddedMembers, "added">> {
  const news: News = [];
  const refused: string[] = [];
  for (const userId of userIds) {
    const wish = { conversationId, userId, invitedBy: callerId, message: "", at };
    const asked = await requestToJoin(transaction, wish).catch((error: unknown) => {
      if (!(error instanceof ChatError)) throw error;
      refused.push(userId);
      return [];
    });
    news.push(...asked);
  }
  return { waiting: userIds.filter((userId) => !refused.includes(userId)), refused, news };
}
