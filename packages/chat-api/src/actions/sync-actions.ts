import { z } from "zod";
import { action } from "../action.ts";
import { CHAT_LIMITS } from "../limits.ts";
import { conversation, id, me, seq, user } from "../resources.ts";
import { userEvent } from "../events.ts";

/** What a client holds of a conversation. */
const known = z.object({ id, lastSeq: seq, changeSeq: seq, metaSeq: seq });

/** What a client brings when it synchronises; everything 0 and empty the first time. */
export const syncInput = z.object({
  userSeq: seq.default(0),
  /** `now` of the last synchronisation or heartbeat; 0 the first time. */
  since: z.coerce.number().int().min(0).default(0),
  known: z.array(known).max(CHAT_LIMITS.knownConversations).default([]),
});

/** What a client lacks. Applying it twice is the same as once. */
export const snapshot = z.object({
  me,
  /** The server's clock. */
  now: z.number().int(),
  userSeq: z.number().int(),
  /** The caller's events after `userSeq` of the input, in order; empty with `reload`. */
  events: z.array(userEvent),
  /** The client is too far behind: it drops what it holds and takes what is here as its beginning. */
  reload: z.boolean(),
  /** The first time: the first page of the list. Later: every conversation that changed since, as it is now. */
  conversations: z.array(conversation),
  /** For `list_conversations`: where the list goes on; `null` when it is complete. */
  next: z.string().nullable(),
  users: z.array(user),
  unread: z.number().int(),
  heartbeatMs: z.number().int(),
});
/** The value of {@link snapshot}. */
export type Snapshot = z.output<typeof snapshot>;

/** Catching up after any absence. */
export const syncActions = {
  sync: action({
    method: "post",
    path: "/sync",
    access: "visitor",
    summary:
      "What the caller's client lacks. Joining the inbox channel gives the same, after the live events are attached.",
    input: syncInput,
    output: snapshot,
  }),
  heartbeat: action({
    method: "post",
    path: "/sync/heartbeat",
    access: "visitor",
    summary:
      "The server's clock, and which conversations have moved since the last time: a client that lacks one pulls it.",
    input: z.object({ since: z.coerce.number().int().min(0) }),
    output: z.object({
      now: z.number().int(),
      userSeq: z.number().int(),
      changed: z.array(known),
      /** More have changed than are listed: synchronise. */
      more: z.boolean(),
    }),
  }),
};
