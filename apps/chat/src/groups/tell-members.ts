import type { NoticeContent } from "@hutong/chat-api";
import type { Transaction } from "kysely";
import { announceConversation } from "../conversations/announce.ts";
import { memberIds } from "../conversations/membership.ts";
import type { News } from "../inbox/news.ts";
import { appendNotice } from "../messages/append-notice.ts";
import type { Tables } from "../storage/tables.ts";

/** What is said in a group of what happened to it. */
export interface GroupNotice {
  readonly kind: NoticeContent["body"]["kind"];
  readonly actorId: string;
  /** Those to whom it happened. */
  readonly userIds: readonly string[];
  readonly text?: string;
}

/** A change of a group that its members are to hear of. */
export interface GroupNews {
  readonly conversationId: string;
  /** What is said in the conversation. @defaultValue nothing */
  readonly notice?: GroupNotice;
  /** Members whose own place changed. @defaultValue none */
  readonly changedIds?: readonly string[];
  readonly at: number;
}

/** Tells the members of a change: in the conversation, where there is something to say, and by its new state. */
export async function tellMembers(
  transaction: Transaction<Tables>,
  { conversationId, notice, changedIds = [], at }: GroupNews,
): Promise<News> {
  const said = notice === undefined ? [] : await say(transaction, { conversationId, notice, at });
  const userIds = await memberIds(transaction, conversationId);
  const announced = await announceConversation(transaction, { conversationId, userIds, changedIds, at });
  // The conversation goes first, so that a notice finds it with those who are new.
  return [...announced, ...said];
}

/** Writes a notice into a conversation. */
export function say(
  transaction: Transaction<Tables>,
  {
    conversationId,
    notice,
    at,
  }: { readonly conversationId: string; readonly notice: GroupNotice; readonly at: number },
): Promise<News> {
  return appendNotice(transaction, { conversationId, body: { ...notice, userIds: [...notice.userIds] }, at });
}
