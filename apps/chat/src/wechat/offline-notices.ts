import type { Database } from "@hutong/database";
import type { Profiles } from "../accounts/profiles.ts";
import { peerOf } from "../conversations/open-direct.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { OnlineUsers } from "../presence/online-users.ts";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { openidOf } from "./openid-of.ts";
import type { SubscribeMessages } from "./subscribe-message.ts";
import type { NOTICE_FIELDS, NoticeTemplate } from "./wechat-config.ts";

/** What {@link OfflineNotices} stands on. */
export interface OfflineNoticesParts {
  readonly database: Database<Tables>;
  readonly profiles: Pick<Profiles, "user">;
  readonly onlineUsers: Pick<OnlineUsers, "isOnline">;
  readonly subscribeMessages: SubscribeMessages;
  readonly template: NoticeTemplate;
  /** Hears of what failed; a notice is a hint, and nothing waits for it. */
  readonly failed: (error: unknown) => void;
}

/** WeChat refuses longer values of most fields. */
const MAX_VALUE_LENGTH = 20;

const TIME = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai",
  ...{ year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
});

/**
 * Tells people of WeChat about a direct message when they have no connection to this process, as often as they have allowed
 * it. Whoever has muted the conversation is not told.
 */
export class OfflineNotices {
  readonly #parts: OfflineNoticesParts;
  readonly #sending = new Set<Promise<void>>();

  constructor(parts: OfflineNoticesParts) {
    this.#parts = parts;
  }

  /** The store, and a notice after each message. */
  noticing(store: MessageStore): MessageStore {
    return {
      send: async (draft) => {
        const sent = await store.send(draft);
        if (!sent.isDuplicate) this.#detached(this.#tell(sent.row));
        return sent;
      },
    };
  }

  /** Waits for what is being sent. */
  async close(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #tell(row: MessageRow): Promise<void> {
    const { database, onlineUsers, subscribeMessages, template } = this.#parts;
    const userId = await this.#recipientOf(row);
    if (userId === undefined || onlineUsers.isOnline(userId)) return;
    const openid = await openidOf(database.read, userId);
    if (openid === undefined) return;
    const told = await this.#valuesOf(row);
    const values = new Map([...template.fields].map(([name, field]) => [name, told[field]]));
    const { id: templateId, page } = template;
    await subscribeMessages.send({ openid, templateId, values, ...(page !== undefined && { page }) });
  }

  /** The other one of a direct conversation, if it wants to hear of it. */
  async #recipientOf({
    conversation_id: conversationId,
    sender_id: senderId,
  }: MessageRow): Promise<string | undefined> {
    const { read } = this.#parts.database;
    const conversation = await read
      .selectFrom("conversations")
      .selectAll()
      .where("id", "=", conversationId)
      .executeTakeFirst();
    const peerId = conversation === undefined ? null : peerOf(conversation, senderId);
    if (peerId === null || peerId === senderId) return undefined;
    const member = await read
      .selectFrom("members")
      .select("notify")
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", peerId)
      .executeTakeFirst();
    return member?.notify === 1 ? peerId : undefined;
  }

  async #valuesOf(row: MessageRow): Promise<Readonly<Record<(typeof NOTICE_FIELDS)[number], string>>> {
    const { nickname } = await this.#parts.profiles.user(row.sender_id);
    return { sender: shorten(nickname), text: shorten(textOf(row)), time: TIME.format(row.created_at) };
  }

  #detached(work: Promise<void>): void {
    const sending = work.catch(this.#parts.failed).finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }
}

function textOf({ type, body }: MessageRow): string {
  const content: unknown = JSON.parse(body);
  const hasText = type === "text" && typeof content === "object" && content !== null && "text" in content;
  return hasText ? String(content.text) : "[新消息]";
}

function shorten(text: string): string {
  const characters = Array.from(text.replaceAll(/\s+/g, " "));
  return characters.length <= MAX_VALUE_LENGTH
    ? characters.join("")
    : `${characters.slice(0, MAX_VALUE_LENGTH - 1).join("")}…`;
}
