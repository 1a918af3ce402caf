import { createHash } from "node:crypto";
import { CHAT_LIMITS, type MessageContent } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { sql, type Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import { ChatError } from "../api/chat-error.ts";
import type { RecipientFacts } from "../policy/decide-send.ts";
import { checkMaySend, pairOf } from "../policy/may-send.ts";
import { readRecipients } from "../policy/recipients.ts";
import type { ConversationRow, MemberRow, MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import type { BatchOutcome } from "./batch-queue.ts";
import { lockConversations } from "./conversation-lock.ts";
import { fileIdsOf, type FileReferences } from "./file-references.ts";
import { type DraftFacts, memberKey, messageKey, readFacts } from "./message-statements.ts";
import type { MessageDraft, SentMessage } from "./message-store.ts";
import { searchableText } from "./search/message-index.ts";
import { writeMessages } from "./write-messages.ts";

/** What a draft turns out to be. */
export type AppendOutcome = BatchOutcome<SentMessage>;

/** What {@link appendMessages} did. */
export interface Appended {
  /** In the order of the drafts. */
  readonly outcomes: readonly AppendOutcome[];
  /** Those of the drafts, by their ids, as they are afterwards. */
  readonly conversations: ReadonlyMap<string, ConversationRow>;
}

/** What {@link appendMessages} works with. */
export interface AppendParts {
  readonly engine: Database<Tables>["kind"];
  readonly files: FileReferences;
  readonly at: number;
}

/**
 * Gives drafts their places. Their conversations are locked first, so that what is read afterwards holds until the commit: a
 * retry that races in another process is found by the look-up, and the numbers can be given out before they are written.
 */
export async function appendMessages(
  transaction: Transaction<Tables>,
  drafts: readonly MessageDraft[],
  parts: AppendParts,
): Promise<Appended> {
  const ids = drafts.map(({ conversationId }) => conversationId);
  const conversations = await lockConversations(transaction, parts.engine, ids);
  const facts = await readFacts(transaction, parts.engine, drafts);
  const pairs = drafts.flatMap(({ conversationId, sender: { id: senderId, kind: senderKind } }) => {
    const conversation = conversations.get(conversationId);
    return (conversation && pairOf({ conversation, senderId, senderKind })) ?? [];
  });
  const recipients = await readRecipients(transaction, parts.engine, pairs);
  const append = new Append(transaction, parts, { conversations, recipients, ...facts });
  const outcomes: AppendOutcome[] = [];
  for (const draft of drafts) outcomes.push(await append.add(draft));
  await append.write();
  return { outcomes, conversations };
}

/** What is known of the conversations, by their ids; it changes as messages are added. */
interface AppendFacts extends DraftFacts {
  readonly conversations: ReadonlyMap<string, ConversationRow>;
  /** What the policy asks of the other ones of direct conversations. */
  readonly recipients: Map<string, RecipientFacts>;
}

/** A draft that is about to be accepted. */
interface Admission {
  readonly conversation: ConversationRow;
  /** The sender's row; `undefined` when it never was a member. */
  readonly member: MemberRow | undefined;
  readonly row: MessageRow;
}

/** Messages that are being added. */
class Append {
  readonly #transaction: Transaction<Tables>;
  readonly #parts: AppendParts;
  readonly #facts: AppendFacts;
  readonly #added: { readonly row: MessageRow; readonly content: MessageContent }[] = [];
  readonly #changed = new Set<ConversationRow>();
  readonly #moved = new Set<MemberRow>();

  constructor(transaction: Transaction<Tables>, parts: AppendParts, facts: AppendFacts) {
    this.#transaction = transaction;
    this.#parts = parts;
    this.#facts = facts;
  }

  async add(draft: MessageDraft): Promise<AppendOutcome> {
    const contentHash = hashOf(draft);
    const known = this.#facts.stored.get(messageKey(draft.sender.id, draft.clientMessageId));
    if (known !== undefined) {
      if (known.content_hash === contentHash) return { kind: "done", result: { row: known, isDuplicate: true } };
      return { kind: "refused", error: new ChatError("client_message_id_conflict") };
    }
    try {
      const row = await this.#admit(draft, contentHash);
      return { kind: "done", result: { row, isDuplicate: false } };
    } catch (error) {
      if (error instanceof ChatError) return { kind: "refused", error };
      throw error;
    }
  }

  async #admit(draft: MessageDraft, contentHash: string): Promise<MessageRow> {
    const { sender, content } = draft;
    const conversation = this.#facts.conversations.get(draft.conversationId);
    if (conversation === undefined) throw new ChatError("not_found");
    const member = this.#facts.members.get(memberKey(conversation.id, sender.id));
    const body = JSON.stringify(content.body);
    if (Buffer.byteLength(body) > CHAT_LIMITS.bodyBytes) throw new ChatError("too_large");
    if (member !== undefined && member.left_at === 0) checkDraft(draft, conversation, member);
    const row: MessageRow = {
      conversation_id: conversation.id,
      seq: conversation.last_seq + 1,
      id: uuidv7(),
      counted: conversation.last_counted + 1,
      sender_id: sender.id,
      sender_name: sender.name,
      client_message_id: draft.clientMessageId,
      content_hash: contentHash,
      type: content.type,
      body,
      reply_to: draft.replyTo,
      mentions: JSON.stringify(await this.#mentioned(draft)),
      mentions_all: draft.mentionsAll ? 1 : 0,
      forwarded: draft.forwarded ? 1 : 0,
      state: "sent",
      recalled_by: null,
      version: 1,
      edited_at: 0,
      created_at: this.#parts.at,
    };
    await this.#permit(draft, { conversation, member, row });
    this.#accept(draft, { conversation, member, row });
    return row;
  }

  /** Asks the policy, and ties the files: what either refuses leaves no trace of the other. */
  async #permit({ sender, content }: MessageDraft, { conversation, member, row }: Admission): Promise<void> {
    const { at, files } = this.#parts;
    const attempt = { senderId: sender.id, senderKind: sender.kind, conversation, member, at };
    const ask = (): Promise<void> => checkMaySend(this.#transaction, attempt, this.#facts.recipients);
    const fileIds = fileIdsOf(content);
    if (fileIds.length === 0) return ask();
    await sql`savepoint draft`.execute(this.#transaction);
    try {
      const place = { conversationId: conversation.id, seq: row.seq };
      await files.referenceFiles(this.#transaction, { ...place, fileIds, ownerId: sender.id });
      await ask();
    } catch (error) {
      await sql`rollback to savepoint draft`.execute(this.#transaction);
      throw error;
    } finally {
      await sql`release savepoint draft`.execute(this.#transaction);
    }
  }

  #accept(draft: MessageDraft, { conversation, member, row }: Admission): void {
    conversation.last_seq = row.seq;
    conversation.last_counted = row.counted;
    conversation.last_message_at = row.created_at;
    if (row.mentions_all === 1) conversation.mention_all_seq = row.seq;
    this.#added.push({ row, content: draft.content });
    this.#changed.add(conversation);
    this.#facts.stored.set(messageKey(draft.sender.id, draft.clientMessageId), row);
    // What bots say by themselves does not tell that somebody has read.
    if (member === undefined || draft.sender.kind === "bot") return;
    this.#moved.add(member);
    member.read_seq = row.seq;
    member.read_counted = row.counted;
    member.received_seq = row.seq;
    member.last_sent_at = row.created_at;
  }

  async #mentioned({ conversationId, mentions }: MessageDraft): Promise<readonly string[]> {
    if (mentions.length === 0) return mentions;
    const members = await this.#transaction
      .selectFrom("members")
      .select("user_id")
      .where("conversation_id", "=", conversationId)
      .where("user_id", "in", mentions)
      .where("left_at", "=", 0)
      .execute();
    const present = new Set(members.map(({ user_id: userId }) => userId));
    return [...new Set(mentions)].filter((userId) => present.has(userId));
  }

  /** Writes everything that was accepted. */
  async write(): Promise<void> {
    if (this.#added.length === 0) return;
    await writeMessages(this.#transaction, this.#parts.engine, {
      rows: this.#added.map(({ row }) => row),
      searchable: this.#added.filter(({ content }) => searchableText(content) !== "").map(({ row }) => row),
      conversations: [...this.#changed],
      moved: [...this.#moved],
      hidden: this.#facts.hidden,
      at: this.#parts.at,
    });
  }
}

/** What a present member may say is for the policy; this is what it may point at. */
function checkDraft(draft: MessageDraft, conversation: ConversationRow, member: MemberRow): void {
  if (draft.mentionsAll && member.role === "member") throw new ChatError("forbidden");
  const floor = Math.max(member.min_seq, conversation.min_seq);
  if (draft.replyTo > 0 && (draft.replyTo <= floor || draft.replyTo > conversation.last_seq))
    throw new ChatError("not_found");
}

function hashOf({ conversationId, content, replyTo, mentions, mentionsAll, forwarded }: MessageDraft): string {
  const sent = JSON.stringify([conversationId, content, replyTo, mentions, mentionsAll, forwarded]);
  return createHash("sha256").update(sent).digest("base64url");
}
