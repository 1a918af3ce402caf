import type { FriendRequest, friendActions } from "@hutong/chat-api";
import type { Clock } from "@hutong/server/plugin";
import type { OnlineUsers } from "../presence/online-users.ts";
import { readUsers } from "../accounts/profiles.ts";
import type { Handlers } from "../api/handlers.ts";
import type { FriendRequestRow } from "../storage/rows.ts";
import { answerRequest } from "./answer-request.ts";
import { blockUser, listBlocks, unblockUser } from "./block-list.ts";
import { commit, type CommitParts } from "../inbox/commit.ts";
import { listFriends, removeFriend, updateFriend } from "./friend-list.ts";
import { byId, friendRequestView } from "./friend-views.ts";
import { listRequests } from "./list-requests.ts";
import { requestFriend } from "./request-friend.ts";

/** What the handlers of friends need. */
export interface FriendParts extends CommitParts {
  readonly clock: Pick<Clock, "now">;
  /** Tells two users how they stand with each other when that changes who of them sees whom. */
  readonly onlineUsers: Pick<OnlineUsers, "relationChanged">;
}

/** Answers the actions of friends, requests and blocks. */
export function friendHandlers(parts: FriendParts): Handlers<keyof typeof friendActions> {
  const { database, clock, onlineUsers } = parts;
  const related = (userId: string, otherId: string): void => {
    onlineUsers.relationChanged(userId, otherId);
    onlineUsers.relationChanged(otherId, userId);
  };
  return {
    request_friend: async ({ userId: toId, message, remark }, { caller }) => {
      const wish = { fromId: caller.userId, toId, message, remark, at: clock.now() };
      const { request } = await commit(parts, (transaction) => requestFriend(transaction, wish));
      if (request.state === "accepted") related(caller.userId, toId);
      return { request: await viewOf(parts, request, caller.userId) };
    },
    list_friend_requests: ({ direction, before }, { caller: { userId } }) =>
      listRequests(database.read, { userId, direction, before, at: clock.now() }),
    answer_friend_request: async (input, { caller: { userId } }) => {
      const answer = { ...input, userId, at: clock.now() };
      const { request } = await commit(parts, (transaction) => answerRequest(transaction, answer));
      if (request.state === "accepted") related(userId, request.from_id);
      return { request: await viewOf(parts, request, userId) };
    },
    list_friends: async (_input, { caller }) => ({ friends: await listFriends(database.read, caller.userId) }),
    update_friend: async ({ userId: friendId, ...change }, { caller: { userId } }) => {
      const update = { userId, friendId, change, at: clock.now() };
      const { friend } = await commit(parts, (transaction) => updateFriend(transaction, update));
      if (change.hideMine !== undefined || change.hideTheirs !== undefined) related(userId, friendId);
      return { friend };
    },
    remove_friend: async ({ userId: friendId }, { caller: { userId } }) => {
      const pair = { userId, friendId, at: clock.now() };
      const { news } = await commit(parts, async (transaction) => ({ news: await removeFriend(transaction, pair) }));
      if (news.length > 0) related(userId, friendId);
      return {};
    },
    list_blocks: async (_input, { caller }) => ({ users: await listBlocks(database.read, caller.userId) }),
    block_user: async ({ userId: blockedId }, { caller: { userId } }) => {
      const pair = { userId, blockedId, at: clock.now() };
      const { news } = await commit(parts, async (transaction) => ({ news: await blockUser(transaction, pair) }));
      if (news.length > 0) related(userId, blockedId);
      return {};
    },
    unblock_user: async ({ userId: blockedId }, { caller: { userId } }) => {
      const pair = { userId, blockedId, at: clock.now() };
      const { news } = await commit(parts, async (transaction) => ({ news: await unblockUser(transaction, pair) }));
      if (news.length > 0) related(userId, blockedId);
      return {};
    },
  };
}

async function viewOf(
  { database, clock }: FriendParts,
  row: FriendRequestRow,
  viewerId: string,
): Promise<FriendRequest> {
  const users = byId(await readUsers(database.read, [row.from_id, row.to_id]));
  return friendRequestView(row, { viewerId, users, at: clock.now() });
}
