import { z } from "zod";
import { action } from "../action.ts";
import { conversation, id, line, member, seq, user } from "../resources.ts";

const nothing = z.object({});
const inConversation = z.object({ conversationId: id });

/** Conversations as the caller sees them, and the caller's marks in them. */
export const conversationActions = {
  list_conversations: action({
    method: "get",
    path: "/conversations",
    access: "visitor",
    summary: "The caller's conversations: pinned ones first, then the latest used; hidden ones are left out.",
    input: z.object({
      /** `next` of the page before. */
      after: z.string().max(128).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(50),
    }),
    output: z.object({
      conversations: z.array(conversation),
      users: z.array(user),
      /** `null` on the last page. */
      next: z.string().nullable(),
      /** Unread messages of all conversations that notify. */
      unread: z.number().int(),
    }),
  }),
  get_conversation: action({
    method: "get",
    path: "/conversations/{conversationId}",
    access: "visitor",
    summary: "One conversation of the caller.",
    input: inConversation,
    output: z.object({ conversation, users: z.array(user) }),
  }),
  open_direct: action({
    method: "post",
    path: "/conversations/direct",
    access: "visitor",
    summary:
      "The conversation with somebody, who sees it once something is said. Being allowed to write is another question.",
    input: z.object({ userId: id }),
    output: z.object({ conversation, users: z.array(user) }),
  }),
  open_room: action({
    method: "post",
    path: "/rooms/{name}/enter",
    access: "visitor",
    summary: "Enters a public room, for example the lobby; from then on it is among the caller's conversations.",
    input: z.object({ name: z.string().regex(/^[a-z0-9_-]{1,40}$/) }),
    output: z.object({ conversation, users: z.array(user) }),
  }),
  list_members: action({
    method: "get",
    path: "/conversations/{conversationId}/members",
    access: "visitor",
    summary: "The members: owner, admins, then by the time of joining. Rooms list the latest 200.",
    input: inConversation.extend({ after: id.optional(), limit: z.coerce.number().int().min(1).max(200).default(200) }),
    output: z.object({ members: z.array(member), next: id.nullable() }),
  }),
  update_membership: action({
    method: "put",
    path: "/conversations/{conversationId}/membership",
    access: "visitor",
    summary: "Changes what is given of the caller's pin, notifications, hiding, unread mark and alias.",
    input: inConversation.extend({
      pinned: z.boolean().optional(),
      notify: z.boolean().optional(),
      hidden: z.boolean().optional(),
      markedUnread: z.boolean().optional(),
      alias: line(30).optional(),
    }),
    output: z.object({ conversation }),
  }),
  mark_read: action({
    method: "post",
    path: "/conversations/{conversationId}/read",
    access: "visitor",
    summary: "Moves the caller's read mark; it never moves back.",
    input: inConversation.extend({ seq }),
    output: z.object({ readSeq: z.number().int(), unread: z.number().int() }),
  }),
  mark_received: action({
    method: "post",
    path: "/conversations/{conversationId}/received",
    access: "visitor",
    summary: "Says how far the caller's device holds the conversation; it never moves back.",
    input: inConversation.extend({ seq }),
    output: nothing,
  }),
  set_typing: action({
    method: "post",
    path: "/conversations/{conversationId}/typing",
    access: "visitor",
    summary:
      "Tells the others that the caller types, for six seconds, or no longer does. At most once in three seconds.",
    input: inConversation.extend({ typing: z.boolean() }),
    output: nothing,
  }),
  clear_history: action({
    method: "post",
    path: "/conversations/{conversationId}/clear",
    access: "visitor",
    summary: "Hides everything said so far from the caller, and from nobody else.",
    input: inConversation,
    output: z.object({ conversation }),
  }),
};
