import { z } from "zod";
import { action } from "../action.ts";
import { CHAT_LIMITS } from "../limits.ts";
import { friend, friendRequest, id, line, user } from "../resources.ts";

const nothing = z.object({});
const remark = line(CHAT_LIMITS.remarkLength);

/** Friends, requests and blocks. */
export const friendActions = {
  request_friend: action({
    method: "post",
    path: "/friend-requests",
    access: "user",
    summary:
      "Asks somebody to be a friend; meets a request the other way round, or nobody's approval is needed, they are friends at once.",
    input: z.object({ userId: id, message: z.string().trim().max(100).default(""), remark: remark.default("") }),
    output: z.object({ request: friendRequest }),
  }),
  list_friend_requests: action({
    method: "get",
    path: "/friend-requests",
    access: "user",
    summary: "Requests to or from the caller, the latest first.",
    input: z.object({ direction: z.enum(["incoming", "outgoing"]), before: id.optional() }),
    output: z.object({ requests: z.array(friendRequest), pending: z.number().int(), more: z.boolean() }),
  }),
  answer_friend_request: action({
    method: "post",
    path: "/friend-requests/{requestId}/answer",
    access: "user",
    summary: "Accepts, refuses or ignores a request to the caller; ignoring tells the other one nothing.",
    input: z.object({ requestId: id, answer: z.enum(["accept", "refuse", "ignore"]), remark: remark.default("") }),
    output: z.object({ request: friendRequest }),
  }),
  list_friends: action({
    method: "get",
    path: "/friends",
    access: "user",
    summary: "All friends of the caller.",
    input: nothing,
    output: z.object({ friends: z.array(friend) }),
  }),
  update_friend: action({
    method: "put",
    path: "/friends/{userId}",
    access: "user",
    summary: "Changes what is given of remark, star and the two visibility flags.",
    input: z.object({
      userId: id,
      remark: remark.optional(),
      starred: z.boolean().optional(),
      hideMine: z.boolean().optional(),
      hideTheirs: z.boolean().optional(),
    }),
    output: z.object({ friend }),
  }),
  remove_friend: action({
    method: "delete",
    path: "/friends/{userId}",
    access: "user",
    summary: "Ends a friendship for both; their conversation stays readable.",
    input: z.object({ userId: id }),
    output: nothing,
  }),
  list_blocks: action({
    method: "get",
    path: "/blocks",
    access: "user",
    summary: "Whom the caller has blocked.",
    input: nothing,
    output: z.object({ users: z.array(user) }),
  }),
  block_user: action({
    method: "put",
    path: "/blocks/{userId}",
    access: "user",
    summary: "Blocks somebody: no messages, invitations, requests or presence from now on.",
    input: z.object({ userId: id }),
    output: nothing,
  }),
  unblock_user: action({
    method: "delete",
    path: "/blocks/{userId}",
    access: "user",
    summary: "Ends a block.",
    input: z.object({ userId: id }),
    output: nothing,
  }),
};
