import type { Conversation } from "@hutong/chat-api";
import type { Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import { readUsers } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import { conversationView } from "../conversations/conversation-views.ts";
import { insertConversation } from "../conversations/insert-conversation.ts";
import { addMember } from "../conversations/membership.ts";
import type { News } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import { composedTitle } from "./composed-title.ts";
import { GROUP_LIMITS } from "./group-limits.ts";
import { readInvitable } from "./invitable.ts";
import { tellMembers } from "./tell-members.ts";

/** A group to be. */
export interface NewGroup {
  readonly ownerId: string;
  /** Those who are to be in it besides the owner. */
  readonly userIds: readonly string[];
  /** @defaultValue composed of the members' nicknames */
  readonly title: string | undefined;
  /** Made by the client: the same one of the same owner gives the same group. @defaultValue a new group each time */
  readonly clientGroupId: string | undefined;
  readonly at: number;
}

/**
 * Makes a group of a user and friends. New members come in by invitation and do not see what was said before.
 *
 * @throws {ChatError} `bad_request` for a group of one, `not_friend` or `blocked` when one of the others cannot be brought
 * in, `limit_reached`.
 */
export async function createGroup(
  transaction: Transaction<Tables>,
  { ownerId, userIds, title, clientGroupId, at }: NewGroup,
): Promise<{ readonly conversation: Conversation; readonly news: News }> {
  const uniqueKey = clientGroupId === undefined ? null : `group:${ownerId}:${clientGroupId}`;
  const known = uniqueKey === null ? undefined : await groupOfKey(transaction, uniqueKey);
  if (known !== undefined) return { conversation: await conversationView(transaction, ownerId, known), news: [] };
  const invitedIds = await requireInvitable(transaction, ownerId, userIds);
  const { conversation, isNew } = await insertConversation(transaction, {
    id: uuidv7(),
    type: "group",
    uniqueKey,
    title: title ?? composedTitle(await nicknames(transaction, [ownerId, ...invitedIds])),
    ownerId,
    joinMode: "invite",
    at,
  });
  const { id: conversationId } = conversation;
  const news = isNew ? await fill(transaction, conversation, { ownerId, invitedIds, at }) : [];
  return { conversation: await conversationView(transaction, ownerId, conversationId), news };
}

/** A call that is repeated gets its group, whatever has become of those who were brought in. */
async function groupOfKey(transaction: Transaction<Tables>, uniqueKey: string): Promise<string | undefined> {
  const group = await transaction
    .selectFrom("conversations")
    .select("id")
    .where("unique_key", "=", uniqueKey)
    .executeTakeFirst();
  return group?.id;
}

async function fill(
  transaction: Transaction<Tables>,
  conversation: Parameters<typeof addMember>[1]["conversation"],
  {
    ownerId,
    invitedIds,
    at,
  }: { readonly ownerId: string; readonly invitedIds: readonly string[]; readonly at: number },
): Promise<News> {
  const allIds = [ownerId, ...invitedIds];
  for (const userId of allIds) {
    const role = userId === ownerId ? "owner" : "member";
    await addMember(transaction, { conversation, userId, role, at });
  }
  const notice = { kind: "group_created", actorId: ownerId, userIds: invitedIds } as const;
  return tellMembers(transaction, { conversationId: conversation.id, notice, changedIds: allIds, at });
}

async function requireInvitable(
  transaction: Transaction<Tables>,
  ownerId: string,
  userIds: readonly string[],
): Promise<readonly string[]> {
  const otherIds = [...new Set(userIds)].filter((userId) => userId !== ownerId);
  if (otherIds.length === 0) throw new ChatError("bad_request", { message: "A group needs somebody else." });
  if (otherIds.length >= GROUP_LIMITS.members) throw new ChatError("limit_reached");
  const { friendIds, blockerIds } = await readInvitable(transaction, ownerId, otherIds);
  if (otherIds.some((userId) => !friendIds.has(userId))) throw new ChatError("not_friend");
  if (blockerIds.size > 0) throw new ChatError("blocked");
  return otherIds;
}

async function nicknames(transaction: Transaction<Tables>, userIds: readonly string[]): Promise<string[]> {
  const users = await readUsers(transaction, userIds);
  return users.map(({ nickname }) => nickname);
}
