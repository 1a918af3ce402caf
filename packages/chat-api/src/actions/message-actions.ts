import { z } from "zod";
import { action } from "../action.ts";
import { CHAT_LIMITS } from "../limits.ts";
import { change, clientMessageId, id, line, message, messageContent, seq, text, user } from "../resources.ts";

const inConversation = z.object({ conversationId: id });
const oneMessage = inConversation.extend({ seq });
const pageLimit = z.coerce.number().int().min(1).max(CHAT_LIMITS.pageSize).default(50);

/** Messages: sending, reading, changing and finding them. */
export const messageActions = {
  send_message: action({
    method: "post",
    path: "/conversations/{conversationId}/messages",
    access: "visitor",
    summary:
      "Sends a message. The answer means that it is stored; the same client message id is stored once, for ever.",
    input: inConversation.extend({
      clientMessageId,
      content: messageContent,
      replyTo: seq.default(0),
      mentions: z.array(id).max(CHAT_LIMITS.mentions).default([]),
      mentionsAll: z.boolean().default(false),
    }),
    output: z.object({ message, duplicate: z.boolean() }),
  }),
  pull_messages: action({
    method: "get",
    path: "/conversations/{conversationId}/messages",
    access: "visitor",
    summary: "Messages by seq, in ascending order: the newest, those before or after one, or those around one.",
    input: inConversation.extend({
      /** Messages with a smaller seq, the nearest ones. */
      before: seq.optional(),
      /** Messages with a larger seq, the nearest ones. */
      after: seq.optional(),
      /** Messages on both sides of it. */
      around: seq.optional(),
      limit: pageLimit,
    }),
    output: z.object({
      messages: z.array(message),
      users: z.array(user),
      /** Whether there are more in the direction that was asked for. */
      more: z.boolean(),
      /** The conversation's last seq and change seq at the time of reading. */
      lastSeq: z.number().int(),
      changeSeq: z.number().int(),
    }),
  }),
  pull_changes: action({
    method: "get",
    path: "/conversations/{conversationId}/changes",
    access: "visitor",
    summary:
      "Changes of existing messages after a change seq, in order. With `reload` there are too many: pull the messages again.",
    input: inConversation.extend({ after: seq }),
    output: z.object({
      changes: z.array(change),
      users: z.array(user),
      changeSeq: z.number().int(),
      reload: z.boolean(),
    }),
  }),
  edit_message: action({
    method: "put",
    path: "/conversations/{conversationId}/messages/{seq}",
    access: "visitor",
    summary: "Replaces the text of an own message, within the edit window.",
    input: oneMessage.extend({ text: text(CHAT_LIMITS.textLength) }),
    output: z.object({ message }),
  }),
  recall_message: action({
    method: "post",
    path: "/conversations/{conversationId}/messages/{seq}/recall",
    access: "visitor",
    summary: "Takes back an own message within the recall window; admins of a group take back any, at any time.",
    input: oneMessage,
    output: z.object({ message }),
  }),
  delete_messages: action({
    method: "post",
    path: "/conversations/{conversationId}/messages/delete",
    access: "visitor",
    summary: "Hides messages from the caller, and from nobody else.",
    input: inConversation.extend({ seqs: z.array(seq).min(1).max(CHAT_LIMITS.pageSize) }),
    output: z.object({}),
  }),
  react: action({
    method: "put",
    path: "/conversations/{conversationId}/messages/{seq}/reactions",
    access: "visitor",
    summary: "Adds or takes back one reaction of the caller.",
    input: oneMessage.extend({ emoji: line(32).min(1), on: z.boolean() }),
    output: z.object({ message }),
  }),
  forward_messages: action({
    method: "post",
    path: "/messages/forward",
    access: "visitor",
    summary:
      "Sends copies of messages that the caller can read to other conversations, each under the rules of sending.",
    input: z.object({
      conversationId: id,
      seqs: z.array(seq).min(1).max(CHAT_LIMITS.forwarded),
      to: z.array(id).min(1).max(CHAT_LIMITS.forwardTargets),
      /** Makes the client message ids of the copies, so that a retry stores nothing twice. */
      clientMessageId,
    }),
    output: z.object({
      messages: z.array(message),
      /** The conversations that refused, with the code of the refusal. */
      refused: z.array(z.object({ conversationId: id, code: z.string() })),
    }),
  }),
  list_readers: action({
    method: "get",
    path: "/conversations/{conversationId}/messages/{seq}/readers",
    access: "visitor",
    summary:
      "Who has read a message of the caller, in groups of at most 200 and for three days; beyond that the number only.",
    input: oneMessage,
    output: z.object({ users: z.array(user), readCount: z.number().int(), memberCount: z.number().int() }),
  }),
  search_messages: action({
    method: "get",
    path: "/messages/search",
    access: "visitor",
    summary:
      "Texts of the caller's conversations that hold all words, the latest first; two Chinese characters are enough.",
    input: z.object({
      query: z.string().trim().min(1).max(CHAT_LIMITS.searchLength),
      conversationId: id.optional(),
      /** Id of a message: older ones only. */
      before: id.optional(),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    output: z.object({ messages: z.array(message), users: z.array(user), more: z.boolean() }),
  }),
};
