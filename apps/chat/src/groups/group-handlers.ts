import type { ActionOutput, groupActions } from "@hutong/chat-api";
import type { Clock } from "@hutong/server/plugin";
import type { Transaction } from "kysely";
import { renderSVG } from "uqr";
import type { Handlers, SignedInCall } from "../api/handlers.ts";
import { conversationView } from "../conversations/conversation-views.ts";
import { commit, type CommitParts } from "../inbox/commit.ts";
import type { News } from "../inbox/news.ts";
import type { GroupInviteRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { addMembers } from "./add-members.ts";
import { answerJoinRequest } from "./answer-join-request.ts";
import { muteMember, setRole } from "./change-member.ts";
import { createGroup } from "./create-group.ts";
import { leaveGroup, removeMember } from "./end-membership.ts";
import { type GroupCall, readSeat } from "./group-seat.ts";
import { createInvite, describeInvite, revokeInvites } from "./invites.ts";
import { joinByInvite, joinOpenGroup } from "./join-group.ts";
import { pendingRequests } from "./join-requests.ts";
import { dismissGroup, transferGroup } from "./ownership.ts";
import { updateGroup } from "./update-group.ts";

/** What the handlers of groups need. */
export interface GroupParts extends CommitParts {
  readonly clock: Pick<Clock, "now">;
  /** Where people reach the page, without a slash at the end. For QR codes. */
  readonly publicUrl: string;
}

/** Answers the actions of groups. */
export function groupHandlers(parts: GroupParts): Handlers<keyof typeof groupActions> {
  return { ...settingHandlers(parts), ...memberHandlers(parts), ...inviteHandlers(parts), ...joinHandlers(parts) };
}

type GroupHandlers<TName extends keyof typeof groupActions> = Handlers<TName>;

function settingHandlers(
  parts: GroupParts,
): GroupHandlers<"create_group" | "update_group" | "transfer_group" | "dismiss_group"> {
  return {
    create_group: async (input, { caller }) => {
      const { userIds, title, clientGroupId } = input;
      const group = { ownerId: caller.userId, userIds, title, clientGroupId, at: parts.clock.now() };
      const { conversation } = await commit(parts, (transaction) => createGroup(transaction, group));
      return { conversation };
    },
    update_group: ({ conversationId, ...change }, { caller }) => {
      const call = groupCall(parts, conversationId, caller);
      return changeGroup(parts, call, (transaction) => updateGroup(transaction, { ...call, change }));
    },
    transfer_group: ({ conversationId, userId }, { caller }) => {
      const call = groupCall(parts, conversationId, caller);
      return changeGroup(parts, call, (transaction) => transferGroup(transaction, { ...call, userId }));
    },
    dismiss_group: ({ conversationId }, { caller }) => {
      const call = groupCall(parts, conversationId, caller);
      return change(parts, (transaction) => dismissGroup(transaction, call));
    },
  };
}

function memberHandlers(
  parts: GroupParts,
): GroupHandlers<"add_members" | "remove_member" | "set_role" | "mute_member" | "leave_group"> {
  return {
    add_members: async ({ conversationId, userIds }, { caller }) => {
      const call = { ...groupCall(parts, conversationId, caller), userIds };
      const { added, waiting, refused } = await commit(parts, (transaction) => addMembers(transaction, call));
      return { added, waiting, refused };
    },
    remove_member: ({ conversationId, userId }, { caller }) => {
      const call = { ...groupCall(parts, conversationId, caller), userId };
      return change(parts, (transaction) => removeMember(transaction, call));
    },
    set_role: async ({ conversationId, userId, role }, { caller }) => {
      const call = { ...groupCall(parts, conversationId, caller), userId, role };
      const { member } = await commit(parts, (transaction) => setRole(transaction, call));
      return { member };
    },
    mute_member: async ({ conversationId, userId, forMs }, { caller }) => {
      const call = { ...groupCall(parts, conversationId, caller), userId, forMs };
      const { member } = await commit(parts, (transaction) => muteMember(transaction, call));
      return { member };
    },
    leave_group: ({ conversationId }, { caller }) => {
      const call = groupCall(parts, conversationId, caller);
      return change(parts, (transaction) => leaveGroup(transaction, call));
    },
  };
}

function inviteHandlers(parts: GroupParts): GroupHandlers<"create_invite" | "revoke_invites" | "get_invite"> {
  const { database, clock, publicUrl } = parts;
  return {
    create_invite: async ({ conversationId, expiresInMs, maxUses }, { caller }) => {
      const invite = { ...groupCall(parts, conversationId, caller), expiresInMs, maxUses };
      const row = await database.write((transaction) => createInvite(transaction, invite));
      return { invite: inviteView(row, publicUrl) };
    },
    revoke_invites: async ({ conversationId }, { caller }) => {
      const call = groupCall(parts, conversationId, caller);
      await database.write((transaction) => revokeInvites(transaction, call));
      return {};
    },
    get_invite: ({ token }, { caller: { userId } }) =>
      describeInvite(database.read, { token, userId, at: clock.now() }),
  };
}

function joinHandlers(
  parts: GroupParts,
): GroupHandlers<"join_group" | "join_open_group" | "list_join_requests" | "answer_join_request"> {
  return {
    join_group: async ({ token, message }, { caller: { userId } }) => {
      const wish = { token, message, userId, at: parts.clock.now() };
      const { state, conversationId } = await commit(parts, (transaction) => joinByInvite(transaction, wish));
      return { state, conversationId };
    },
    join_open_group: async ({ conversationId, message }, { caller }) => {
      const call = { ...groupCall(parts, conversationId, caller), message };
      const { state } = await commit(parts, (transaction) => joinOpenGroup(transaction, call));
      return { state, conversationId };
    },
    list_join_requests: async ({ conversationId }, { caller }) => {
      const call = groupCall(parts, conversationId, caller);
      await readSeat(parts.database.read, call, "admin");
      return { requests: await pendingRequests(parts.database.read, conversationId) };
    },
    answer_join_request: async ({ conversationId, requestId, answer }, { caller }) => {
      const call = { ...groupCall(parts, conversationId, caller), requestId, answer };
      const { request } = await commit(parts, (transaction) => answerJoinRequest(transaction, call));
      return { request };
    },
  };
}

function groupCall({ clock }: GroupParts, conversationId: string, caller: SignedInCall["caller"]): GroupCall {
  return { conversationId, callerId: caller.userId, at: clock.now() };
}

/** Runs a change that is answered with nothing. */
async function change(
  parts: GroupParts,
  work: (transaction: Transaction<Tables>) => Promise<News>,
): Promise<Record<string, never>> {
  await commit(parts, async (transaction) => ({ news: await work(transaction) }));
  return {};
}

/** Runs a change that is answered with the group as the caller sees it afterwards. */
async function changeGroup(
  parts: GroupParts,
  { callerId, conversationId }: GroupCall,
  work: (transaction: Transaction<Tables>) => Promise<News>,
): Promise<ActionOutput<"update_group">> {
  const { conversation } = await commit(parts, async (transaction) => {
    const news = await work(transaction);
    return { news, conversation: await conversationView(transaction, callerId, conversationId) };
  });
  return { conversation };
}

function inviteView(row: GroupInviteRow, publicUrl: string): ActionOutput<"create_invite">["invite"] {
  const path = `/join/${row.token}`;
  return {
    token: row.token,
    conversationId: row.conversation_id,
    path,
    qr: renderSVG(`${publicUrl}${path}`, { border: 2 }),
    expiresAt: row.expires_at,
  };
}
