import type { ChatErrorName, User } from "@hutong/chat-api";
import type { ConversationRow, MemberRow } from "../storage/rows.ts";

/** Who sends. A guest has no account and is let into rooms only. */
export type SenderKind = User["kind"] | "guest";

/** What is known of the other one of a direct conversation. */
export interface RecipientFacts {
  /** Whether it has blocked the sender. */
  readonly hasBlocked: boolean;
  readonly isFriend: boolean;
  /** Whether it has written to the sender while they were no friends: that opens the conversation for good. */
  readonly hasWritten: boolean;
  /** Messages that it takes of strangers of the sender's kind; `null` is unlimited. */
  readonly strangerLimit: number | null;
  /** Messages that the sender has sent to it as a stranger. */
  readonly strangerCount: number;
}

/** Everything that the decision stands on. */
export interface SendFacts {
  readonly senderKind: SenderKind;
  readonly conversation: Pick<ConversationRow, "type" | "state" | "mute_all" | "slow_mode_ms">;
  /** The sender's row; `undefined` when it never was a member. */
  readonly member: Pick<MemberRow, "role" | "left_at" | "muted_until" | "last_sent_at"> | undefined;
  /** `undefined` in groups and rooms, and in a conversation with oneself. */
  readonly recipient: RecipientFacts | undefined;
  readonly at: number;
}

/** What becomes of a message. */
export type SendDecision =
  | {
      readonly kind: "send";
      /** Whether the message is to be counted as one of a stranger. */
      readonly counts: boolean;
    }
  | {
      readonly kind: "refuse";
      readonly code: ChatErrorName;
      readonly retryAfterMs?: number;
    };

/**
 * The rules of sending. The first one that refuses gives the code:
 *
 * | # | rule | code |
 * |---|---|---|
 * | 1 | the sender never was a member; guests pass in rooms | `not_found` |
 * | 2 | the sender has left | `not_member` |
 * | 3 | the conversation has ended | `conversation_closed` |
 * | 4 | direct: the recipient has blocked the sender | `blocked` |
 * | 5 | the sender is muted | `muted` |
 * | 6 | everyone is muted, and the sender is neither owner nor admin | `mute_all` |
 * | 7 | slow mode, and the sender is neither owner nor admin | `slow_mode`, with the time to wait |
 * | 8 | direct: the recipient takes messages of friends only | `not_friend` |
 * | 9 | direct: the recipient takes no more messages of this stranger | `stranger_limit` |
 *
 * A guest has sent nothing before, as far as rule 7 goes. Rules 8 and 9 end with a friendship, and with the recipient's first message to the sender. A bot is held to the
 * limit for users, and what the system says passes them.
 */
export function decideSend(facts: SendFacts): SendDecision {
  const { senderKind, conversation, member, recipient, at } = facts;
  if (member === undefined && !(senderKind === "guest" && conversation.type === "room")) return refuse("not_found");
  if (member !== undefined && member.left_at > 0) return refuse("not_member");
  if (conversation.state !== "active") return refuse("conversation_closed");
  if (recipient?.hasBlocked === true) return refuse("blocked");
  if (member !== undefined && member.muted_until > at) return refuse("muted");
  return refusalOfQuiet(facts) ?? decideStranger(senderKind, recipient);
}

/** What keeps the ordinary members of a conversation quiet. */
function refusalOfQuiet({ conversation, member, at }: SendFacts): SendDecision | undefined {
  if (member !== undefined && member.role !== "member") return undefined;
  if (conversation.mute_all === 1) return refuse("mute_all");
  const waitMs = (member?.last_sent_at ?? 0) + conversation.slow_mode_ms - at;
  return conversation.slow_mode_ms > 0 && waitMs > 0 ? { ...refuse("slow_mode"), retryAfterMs: waitMs } : undefined;
}

function decideStranger(senderKind: SenderKind, recipient: RecipientFacts | undefined): SendDecision {
  if (recipient === undefined || recipient.isFriend || senderKind === "system") return { kind: "send", counts: false };
  const { hasWritten, strangerLimit, strangerCount } = recipient;
  if (!hasWritten && strangerLimit === 0) return refuse("not_friend");
  if (!hasWritten && strangerLimit !== null && strangerCount >= strangerLimit) return refuse("stranger_limit");
  // The first message is counted without a limit too: it is what opens the way for the answer.
  return { kind: "send", counts: strangerCount === 0 || (!hasWritten && strangerLimit !== null) };
}

function refuse(code: ChatErrorName): { readonly kind: "refuse"; readonly code: ChatErrorName } {
  return { kind: "refuse", code };
}
