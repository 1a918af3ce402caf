import type { Transaction } from "kysely";
import { readUsers } from "../accounts/profiles.ts";
import type { News } from "../inbox/news.ts";
import { appendUserEvent } from "../inbox/user-events.ts";
import type { FriendRequestRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { byId, friendRequestView } from "./friend-views.ts";

/** What is told of a request, and to whom. */
export interface RequestNews {
  readonly kind: "friend_request" | "friend_request_answered";
  readonly request: FriendRequestRow;
  readonly userIds: readonly string[];
  readonly at: number;
}

/** Writes a request into the logs of users, to each as that one sees it. */
export async function requestEvents(
  transaction: Transaction<Tables>,
  { kind, request, userIds, at }: RequestNews,
): Promise<News> {
  const users = byId(await readUsers(transaction, [request.from_id, request.to_id]));
  const news: News = [];
  for (const userId of userIds) {
    const event = { kind, request: friendRequestView(request, { viewerId: userId, users, at }) };
    news.push(await appendUserEvent(transaction, { userId, event, at }));
  }
  return news;
}
