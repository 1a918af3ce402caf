import { z } from "zod";
import {
  change,
  conversation,
  conversationMeta,
  friend,
  friendRequest,
  id,
  joinRequest,
  me,
  message,
  presence,
  user,
} from "./resources.ts";

/**
 * An event of the caller's own log, numbered without gaps. It is stored, so that it reaches every device of the
 * user, however long it was away; after 30 days a device loads anew.
 */
export const userEvent = z.object({
  userSeq: z.number().int(),
  event: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("friend_request"), request: friendRequest }),
    z.object({ kind: z.literal("friend_request_answered"), request: friendRequest }),
    z.object({ kind: z.literal("friend_added"), friend }),
    z.object({ kind: z.literal("friend_updated"), friend }),
    z.object({ kind: z.literal("friend_removed"), userId: id }),
    z.object({ kind: z.literal("block_changed"), user, blocked: z.boolean() }),
    z.object({ kind: z.literal("me_changed"), me }),
    z.object({ kind: z.literal("messages_deleted"), conversationId: id, seqs: z.array(z.number().int()) }),
    z.object({ kind: z.literal("join_request"), request: joinRequest }),
  ]),
});
/** The value of {@link userEvent}. */
export type UserEvent = z.output<typeof userEvent>;
/** What happened, without its number. */
export type UserEventContent = UserEvent["event"];

/**
 * What the server pushes on the inbox channel `inbox:<user id>`. All of it is a hint: what gets lost is made up for by
 * seqs, by the heartbeat and by the next join. `users` are the profiles that the payload names.
 */
export const INBOX_EVENTS = {
  /**
   * A message, in the order of `seq` per conversation. Who writes has read what stands above: it takes the sender's marks
   * along to its own `seq`, and no `marks` says so beside it. What a bot or the system writes moves nobody's.
   */
  message: z.object({ message, users: z.array(user) }),
  /** An existing message changed, in the order of `changeSeq` per conversation. */
  change: z.object({ change, users: z.array(user) }),
  /** A conversation is new to the user, or the user's own place or marks in it changed: the whole of it. */
  conversation: z.object({ conversation, users: z.array(user) }),
  /** Settings or members changed, in the order of `metaSeq` per conversation. */
  conversation_updated: z.object({ meta: conversationMeta }),
  /** The caller is no longer in the conversation. */
  conversation_left: z.object({ conversation }),
  /** How far somebody has read or received. */
  marks: z.object({
    conversationId: id,
    userId: id,
    readSeq: z.number().int(),
    receivedSeq: z.number().int(),
  }),
  typing: z.object({ conversationId: id, userId: id, typing: z.boolean() }),
  presence,
  user_event: userEvent,
  /** The connections of the session end and must not come back by themselves. */
  kicked: z.object({
    sessionId: id,
    reason: z.enum(["signed_out", "signed_in_elsewhere", "account_disabled", "session_ended"]),
  }),
} as const;

/** The name of an event of the inbox channel. */
export type InboxEventName = keyof typeof INBOX_EVENTS;
/** The payload of an event of the inbox channel. */
export type InboxEvent<TName extends InboxEventName> = z.output<(typeof INBOX_EVENTS)[TName]>;
