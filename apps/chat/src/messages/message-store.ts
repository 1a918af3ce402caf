import type { MessageContent } from "@hutong/chat-api";
import type { SenderKind } from "../policy/decide-send.ts";
import type { MessageRow } from "../storage/rows.ts";

/** Who sends: found out by the server. */
export interface Sender {
  /** A user's id, or `guest:<member id>` for a guest of a room. */
  readonly id: string;
  readonly kind: SenderKind;
  /** The name of a guest; `null` for whoever has an account. */
  readonly name: string | null;
}

/** A message before it has a place. */
export interface MessageDraft {
  readonly conversationId: string;
  readonly sender: Sender;
  /** Chosen by the sender, the same in every retry. */
  readonly clientMessageId: string;
  readonly content: MessageContent;
  /** The seq of the message that this one answers; 0 for none. */
  readonly replyTo: number;
  /** Ids of users; those that are no members are left out. */
  readonly mentions: readonly string[];
  readonly mentionsAll: boolean;
  readonly forwarded: boolean;
}

/** A message that has its place for ever. */
export interface SentMessage {
  readonly row: MessageRow;
  /** Whether an earlier call has stored it. */
  readonly isDuplicate: boolean;
}

/**
 * The durable log of every conversation.
 *
 * An implementation MUST:
 * - resolve `send` only when the message is committed, and then never lose it;
 * - store one message per sender and client message id, for ever and across processes, and answer every further
 *   call with the stored one, whatever has happened to the sender's rights since;
 * - number the messages of a conversation 1, 2, 3, … such that no reader sees a number before all smaller ones;
 * - ask the policy of sending for every new message, in the transaction that stores it;
 * - keep the refusal of one message from every other message;
 * - push what it has stored after the commit, in the order of the numbers within a conversation.
 *
 * It MAY store messages of several calls in one transaction. It MUST NOT make a call wait for others that have not come yet.
 */
export interface MessageStore {
  /**
   * Stores a message. Calls of one process for one conversation get their numbers in the order of the calls.
   *
   * @throws {ChatError} the policy's codes; `client_message_id_conflict` when the sender has used the client message id
   * for another message; `too_large`; `forbidden` for a mention of everyone by an ordinary member; `not_found` for an answer to
   * a message or for a file that the sender cannot see; `unavailable` when too many messages wait.
   */
  send(draft: MessageDraft): Promise<SentMessage>;
}
