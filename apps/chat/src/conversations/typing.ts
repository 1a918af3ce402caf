import type { Clock } from "@hutong/server/plugin";
import type { Kysely } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { conversationTopic, inboxTopic, type News } from "../inbox/news.ts";
import type { SenderKind } from "../policy/decide-send.ts";
import { readSendDecision } from "../policy/may-send.ts";
import type { Tables } from "../storage/tables.ts";
import { memberIds, requirePresentMember } from "./membership.ts";

/** In larger conversations nobody is told who types. */
const MAX_TOLD_MEMBERS = 50;
const INTERVAL_MS = 3_000;
/** Typists whose last time is remembered; beyond it the oldest are forgotten. */
const MAX_REMEMBERED = 10_000;

/** Who begins or ends to type, and where. */
export interface TypingSign {
  readonly conversationId: string;
  readonly userId: string;
  readonly senderKind: SenderKind;
  readonly typing: boolean;
}

/** Who types where; nothing of it is stored. */
export class Typing {
  readonly #clock: Clock;
  /** `<user>:<conversation>` → when the others were told. In the order of time. */
  readonly #told = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The push that tells the others; empty where they are not told, or the typist could not send.
   *
   * @throws {ChatError} `rate_limited` when a user says so more often than once in three seconds.
   */
  async news(executor: Kysely<Tables>, { conversationId, userId, senderKind, typing }: TypingSign): Promise<News> {
    const { conversation, member } = await requirePresentMember(executor, conversationId, userId);
    const now = this.#clock.now();
    if (conversation.member_count > MAX_TOLD_MEMBERS) return [];
    const attempt = { senderId: userId, senderKind, conversation, member, at: now };
    if ((await readSendDecision(executor, attempt)).kind !== "send") return [];
    // That someone stopped is said at once: it comes at most once for each start.
    if (typing) this.#count(`${userId}:${conversationId}`, now);
    const topics =
      conversation.type === "room"
        ? [conversationTopic(conversationId)]
        : (await memberIds(executor, conversationId)).filter((id) => id !== userId).map(inboxTopic);
    return [{ topics, event: "typing", payload: { conversationId, userId, typing } }];
  }

  #count(key: string, now: number): void {
    const retryAfterMs = (this.#told.get(key) ?? -INTERVAL_MS) + INTERVAL_MS - now;
    if (retryAfterMs > 0) throw new ChatError("rate_limited", { retryAfterMs });
    this.#told.delete(key);
    this.#told.set(key, now);
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= MAX_REMEMBERED) break;
      this.#told.delete(oldest);
    }
  }
}
