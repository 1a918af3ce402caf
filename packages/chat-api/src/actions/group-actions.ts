import { z } from "zod";
import { action } from "../action.ts";
import { CHAT_LIMITS } from "../limits.ts";
import { conversation, id, invite, joinMode, joinRequest, line, member } from "../resources.ts";

const nothing = z.object({});
const inGroup = z.object({ conversationId: id });
const userIds = z.array(id).min(1).max(CHAT_LIMITS.userIds);
const title = line(CHAT_LIMITS.titleLength).min(1);
const token = z.string().min(1).max(64);

/** Groups. Which role may do what stands with each action; the owner may do what admins may. */
export const groupActions = {
  create_group: action({
    method: "post",
    path: "/groups",
    access: "user",
    summary: "Makes a group of the caller and friends. Without a title it is named after its members.",
    input: z.object({
      userIds,
      title: title.optional(),
      /** Made by the client: the same one gives the same group, so that a retry makes no second one. */
      clientGroupId: z.string().min(8).max(64).optional(),
    }),
    output: z.object({ conversation }),
  }),
  update_group: action({
    method: "put",
    path: "/groups/{conversationId}",
    access: "user",
    summary: "Changes what is given of title, notice, avatar, joining, silence, slow mode and history. Admins.",
    input: inGroup.extend({
      title: title.optional(),
      notice: z.string().trim().max(CHAT_LIMITS.noticeLength).optional(),
      avatar: id.nullable().optional(),
      joinMode: joinMode.optional(),
      muteAll: z.boolean().optional(),
      slowModeMs: z.number().int().min(0).max(120_000).optional(),
      historyVisible: z.boolean().optional(),
    }),
    output: z.object({ conversation }),
  }),
  add_members: action({
    method: "post",
    path: "/groups/{conversationId}/members",
    access: "user",
    summary: "Brings friends into the group, or asks the admins to, as the group's join mode says. Members.",
    input: inGroup.extend({ userIds }),
    output: z.object({ added: z.array(id), waiting: z.array(id), refused: z.array(id) }),
  }),
  remove_member: action({
    method: "delete",
    path: "/groups/{conversationId}/members/{userId}",
    access: "user",
    summary: "Takes a member with a lower role out of the group. Admins.",
    input: inGroup.extend({ userId: id }),
    output: nothing,
  }),
  set_role: action({
    method: "put",
    path: "/groups/{conversationId}/members/{userId}/role",
    access: "user",
    summary: "Makes a member an admin, or an admin a member. The owner.",
    input: inGroup.extend({ userId: id, role: z.enum(["member", "admin"]) }),
    output: z.object({ member }),
  }),
  mute_member: action({
    method: "put",
    path: "/groups/{conversationId}/members/{userId}/mute",
    access: "user",
    summary: "Keeps a member with a lower role from writing for a time; 0 ends it. Admins.",
    input: inGroup.extend({ userId: id, forMs: z.number().int().min(0).max(31_536_000_000) }),
    output: z.object({ member }),
  }),
  transfer_group: action({
    method: "post",
    path: "/groups/{conversationId}/owner",
    access: "user",
    summary: "Makes another member the owner. The owner.",
    input: inGroup.extend({ userId: id }),
    output: z.object({ conversation }),
  }),
  leave_group: action({
    method: "post",
    path: "/groups/{conversationId}/leave",
    access: "visitor",
    summary: "Leaves the group or room; an owner transfers or dismisses it first.",
    input: inGroup,
    output: nothing,
  }),
  dismiss_group: action({
    method: "delete",
    path: "/groups/{conversationId}",
    access: "user",
    summary: "Ends the group for everyone; it stays readable. The owner.",
    input: inGroup,
    output: nothing,
  }),
  create_invite: action({
    method: "post",
    path: "/groups/{conversationId}/invites",
    access: "user",
    summary: "A link into the group, with its QR code. Members, unless the group is closed.",
    input: inGroup.extend({
      expiresInMs: z.number().int().min(60_000).max(2_592_000_000).default(604_800_000),
      maxUses: z.number().int().min(0).max(10_000).default(0),
    }),
    output: z.object({ invite }),
  }),
  revoke_invites: action({
    method: "delete",
    path: "/groups/{conversationId}/invites",
    access: "user",
    summary: "Makes all links into the group void. Admins.",
    input: inGroup,
    output: nothing,
  }),
  get_invite: action({
    method: "get",
    path: "/invites/{token}",
    access: "visitor",
    summary: "What an invitation leads to.",
    input: z.object({ token }),
    output: z.object({
      conversationId: id,
      title: z.string(),
      avatar: id.nullable(),
      memberCount: z.number().int(),
      joinMode,
      isMember: z.boolean(),
    }),
  }),
  join_group: action({
    method: "post",
    path: "/invites/{token}/join",
    access: "user",
    summary: "Takes an invitation: gets in, or waits for an admin where the group wants approval.",
    input: z.object({ token, message: z.string().trim().max(100).default("") }),
    output: z.object({ state: z.enum(["joined", "waiting"]), conversationId: id }),
  }),
  join_open_group: action({
    method: "post",
    path: "/groups/{conversationId}/join",
    access: "user",
    summary: "Joins a group by its id: at once when it is open, after approval when it wants that.",
    input: inGroup.extend({ message: z.string().trim().max(100).default("") }),
    output: z.object({ state: z.enum(["joined", "waiting"]), conversationId: id }),
  }),
  list_join_requests: action({
    method: "get",
    path: "/groups/{conversationId}/join-requests",
    access: "user",
    summary: "Who waits to get in, the oldest first. Admins.",
    input: inGroup,
    output: z.object({ requests: z.array(joinRequest) }),
  }),
  answer_join_request: action({
    method: "post",
    path: "/groups/{conversationId}/join-requests/{requestId}/answer",
    access: "user",
    summary: "Lets somebody in, or not. Admins.",
    input: inGroup.extend({ requestId: id, answer: z.enum(["accept", "refuse"]) }),
    output: z.object({ request: joinRequest }),
  }),
};
