import type { Change, Message } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { sql, type Transaction } from "kysely";
import type { Profiles } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import { memberIds, type Membership, requirePresentMember } from "../conversations/membership.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { BatchQueue } from "./batch-queue.ts";
import { lockConversation } from "./conversation-lock.ts";
import type { MessagePlace } from "./file-references.ts";
import { audienceTopics, changeNews } from "./message-news.ts";
import { messageViews, namedUsers } from "./message-views.ts";
import { sightOf, visibleMessage } from "./visible-messages.ts";

/** Changes that wait for their turn, over all conversations. */
const MAX_WAITING = 10_000;

/** What a change does, inside its transaction. */
export interface ChangeStep extends Membership {
  readonly transaction: Transaction<Tables>;
  /** As it was before. */
  readonly row: MessageRow;
  readonly at: number;
}

/** A wish to change one message. */
export interface ChangeRequest extends MessagePlace {
  readonly userId: string;
  readonly kind: Change["kind"];
  /**
   * Does it, or throws a `ChatError`; the conversation is locked.
   *
   * @returns whether anything changed; a repeated call that finds its work done says `false`.
   */
  readonly apply: (step: ChangeStep) => Promise<boolean>;
}

/** What {@link MessageChanges} stands on. */
export interface MessageChangesParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly profiles: Pick<Profiles, "users">;
  readonly inbox: Pick<Inbox, "publish">;
  /** Hears of what went wrong after a commit. */
  readonly failed: (error: unknown) => void;
}

interface Changed {
  /** As the caller sees it. */
  readonly message: Message;
  /** What the others are told; `undefined` when nothing changed. */
  readonly told: { readonly change: Change; readonly topics: readonly string[] } | undefined;
}

/** Changes of existing messages. Each gets a number; a conversation's changes are pushed in the order of the numbers. */
export class MessageChanges {
  readonly #parts: MessageChangesParts;
  /** One change per conversation at a time, so that their pushes keep the order of their commits. */
  readonly #queue = new BatchQueue<ChangeRequest, Message>({
    run: async (requests) => {
      const results: Message[] = [];
      for (const request of requests) results.push(await this.#change(request));
      return results.map((result) => ({ kind: "done", result }));
    },
    maxBatch: 1,
    maxWaiting: MAX_WAITING,
    refuse: () => new ChatError("unavailable", { message: "too many changes wait to be stored" }),
  });

  constructor(parts: MessageChangesParts) {
    this.#parts = parts;
  }

  /** Resolves with the message as the caller sees it, when it is stored. */
  change(request: ChangeRequest): Promise<Message> {
    return this.#queue.push(request.conversationId, request);
  }

  async #change(request: ChangeRequest): Promise<Message> {
    const { database, failed } = this.#parts;
    const { message, told } = await database.write((transaction) => this.#write(transaction, request));
    if (told !== undefined) await this.#tell(told).catch(failed);
    return message;
  }

  async #tell({ change, topics }: NonNullable<Changed["told"]>): Promise<void> {
    const { profiles, inbox } = this.#parts;
    const users = await profiles.users([...namedUsers([change.message]), change.actorId]);
    inbox.publish(changeNews(topics, change, users));
  }

  async #write(transaction: Transaction<Tables>, request: ChangeRequest): Promise<Changed> {
    const { conversationId, seq, userId, kind, apply } = request;
    const at = this.#parts.clock.now();
    await lockConversation(transaction, this.#parts.database.kind, conversationId);
    const { conversation, member } = await requirePresentMember(transaction, conversationId, userId);
    const row = await visibleMessage(transaction, sightOf(conversation, member), seq);
    if (conversation.state !== "active") throw new ChatError("conversation_closed");
    const hasChanged = await apply({ transaction, conversation, member, row, at });
    if (!hasChanged) return { message: await this.#view(transaction, request, userId), told: undefined };
    const changeSeq = conversation.change_seq + 1;
    await sql`update conversations set change_seq = ${changeSeq}, updated_at = ${at}
      where id = ${conversationId}`.execute(transaction);
    await transaction
      .insertInto("message_changes")
      .values({ conversation_id: conversationId, change_seq: changeSeq, seq, kind, actor_id: userId, created_at: at })
      .execute();
    const message = await this.#view(transaction, request, undefined);
    const topics = audienceTopics(
      conversation,
      conversation.type === "room" ? [] : await memberIds(transaction, conversationId),
    );
    return {
      message: await this.#view(transaction, request, userId),
      told: { change: { conversationId, changeSeq, kind, actorId: userId, message }, topics },
    };
  }

  async #view(
    transaction: Transaction<Tables>,
    { conversationId, seq }: MessagePlace,
    viewerId: string | undefined,
  ): Promise<Message> {
    const row = await transaction
      .selectFrom("messages")
      .selectAll()
      .where("conversation_id", "=", conversationId)
      .where("seq", "=", seq)
      .executeTakeFirstOrThrow();
    const [message] = await messageViews(transaction, [row], viewerId);
    if (message === undefined) throw new ChatError("not_found");
    return message;
  }
}
