import { type Database, isUniqueViolation } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Transaction } from "kysely";
import type { Profiles } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { RoomFeed } from "../rooms/room-feed.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { type AppendOutcome, appendMessages } from "./append-messages.ts";
import { BatchQueue } from "./batch-queue.ts";
import type { FileReferences } from "./file-references.ts";
import { MemberCache } from "./member-cache.ts";
import { audienceTopics, messageNews } from "./message-news.ts";
import type { MessageDraft, MessageStore, SentMessage } from "./message-store.ts";
import { messageView, namedUsers } from "./message-views.ts";
import { MessageIndexer } from "./search/message-indexer.ts";

/** Messages in one commit. */
const MAX_BATCH = 64;
/**
 * Transactions beside each other on PostgreSQL: enough to keep a server with several cores busy, and less than half of the
 * connections.
 */
const POSTGRES_LANES = 4;
/** Messages that wait for their commit, over all conversations; at the rates of SQLite that is about a second. */
const MAX_WAITING = 10_000;
/** How often a retry that races in another process may get in the way. */
const MAX_ATTEMPTS = 5;

/** What {@link SqlMessageStore} stands on. */
export interface SqlMessageStoreParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly profiles: Pick<Profiles, "users">;
  readonly inbox: Pick<Inbox, "publish">;
  readonly files: FileReferences;
  /** Hears of the messages of rooms too. */
  readonly rooms: RoomFeed;
  /** Hears of what went wrong after a commit: the messages are stored, only their pushes are missing. */
  readonly failed: (error: unknown) => void;
}

/** A conversation to which messages were added, and what is to be told of it. */
interface Told {
  readonly conversation: ConversationRow;
  /** The topics that hear of it. */
  readonly audience: readonly string[];
  readonly sent: readonly SentMessage[];
}

interface Committed {
  readonly outcomes: readonly AppendOutcome[];
  readonly told: readonly Told[];
}

/**
 * The message store in SQL. A batch mixes conversations: a commit costs much more than a message does. SQLite has one writer; on
 * PostgreSQL several batches run beside each other, and a conversation's messages are always in the same one.
 */
export class SqlMessageStore implements MessageStore {
  readonly #parts: SqlMessageStoreParts;
  readonly #indexer: MessageIndexer;
  readonly #members = new MemberCache();
  readonly #queue = new BatchQueue<MessageDraft, SentMessage>({
    run: (drafts) => this.#commit(drafts),
    maxBatch: MAX_BATCH,
    maxWaiting: MAX_WAITING,
    refuse: () => new ChatError("unavailable", { message: "too many messages wait to be stored" }),
  });

  constructor(parts: SqlMessageStoreParts) {
    this.#parts = parts;
    this.#indexer = new MessageIndexer(parts);
  }

  send(draft: MessageDraft): Promise<SentMessage> {
    const lane = this.#parts.database.kind === "sqlite" ? 0 : laneOf(draft.conversationId);
    return this.#queue.push(String(lane), draft);
  }

  /** Resolves when nothing runs any more that no caller waits for. Nothing is sent afterwards. */
  close(): Promise<void> {
    return this.#indexer.close();
  }

  async #commit(drafts: readonly MessageDraft[]): Promise<readonly AppendOutcome[]> {
    const { outcomes, told } = await this.#write(drafts);
    // A push is a hint: nothing that happens here may look as if the messages were not stored.
    for (const conversation of told) await this.#tell(conversation).catch(this.#parts.failed);
    if (told.length > 0) this.#indexer.wake();
    return outcomes;
  }

  /** A retry that another process has stored meanwhile breaks the unique key; the next attempt finds it. */
  async #write(drafts: readonly MessageDraft[]): Promise<Committed> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#parts.database.write((transaction) => this.#append(transaction, drafts));
      } catch (error) {
        if (!isUniqueViolation(error) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  async #append(transaction: Transaction<Tables>, drafts: readonly MessageDraft[]): Promise<Committed> {
    const { database, clock, files } = this.#parts;
    const parts = { engine: database.kind, files, at: clock.now() };
    const { outcomes, conversations } = await appendMessages(transaction, drafts, parts);
    const told: Told[] = [];
    for (const [id, sent] of sentByConversation(outcomes)) {
      const conversation = conversations.get(id);
      if (conversation === undefined) continue;
      const memberIds = conversation.type === "room" ? [] : await this.#members.members(transaction, conversation);
      told.push({ conversation, audience: audienceTopics(conversation, memberIds), sent });
    }
    return { outcomes, told };
  }

  async #tell({ conversation, audience, sent }: Told): Promise<void> {
    const { profiles, inbox, rooms } = this.#parts;
    for (const { row } of sent) {
      const message = messageView(row, undefined);
      const users = await profiles.users(namedUsers([message]));
      const clientMessageId = row.client_message_id;
      inbox.publish(messageNews({ conversation, audience, message, clientMessageId, users }));
      if (conversation.type === "room") await rooms.tell(conversation, message, users);
    }
  }
}

/** The messages that are new, by the ids of their conversations, in the order of their numbers. */
function sentByConversation(outcomes: readonly AppendOutcome[]): ReadonlyMap<string, readonly SentMessage[]> {
  const groups = new Map<string, SentMessage[]>();
  for (const outcome of outcomes) {
    if (outcome.kind !== "done" || outcome.result.isDuplicate) continue;
    const { conversation_id: id } = outcome.result.row;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [outcome.result]);
    else group.push(outcome.result);
  }
  return groups;
}

/** A small number that is always the same for an id. */
function laneOf(conversationId: string): number {
  let hash = 0;
  for (let place = 0; place < conversationId.length; place++)
    hash = (Math.imul(hash, 31) + conversationId.charCodeAt(place)) >>> 0;
  return hash % POSTGRES_LANES;
}
