import type { MessageContent } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { ChatError } from "../api/chat-error.ts";
import type { Handlers, SignedInCall } from "../api/handlers.ts";
import type { MessageDraft, MessageStore, SentMessage } from "../messages/message-store.ts";
import type { Tables } from "../storage/tables.ts";
import type { Moderation, ModerationSubject, Verdict } from "./moderation.ts";
import { openidOf } from "./openid-of.ts";

/** What {@link ContentCheck} stands on. */
export interface ContentCheckParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly moderation: Moderation;
  /** Where WeChat can load a file; `undefined` where it can load none, which are then not judged. */
  readonly urlOf: ((fileId: string) => string) | undefined;
  /** Takes a message away for everyone. */
  readonly remove: (place: MediaPlace) => Promise<unknown>;
  /** Hears of what failed after a message was stored. */
  readonly failed: (error: unknown) => void;
}

/** Where a file is shown. */
export interface MediaPlace {
  readonly conversationId: string;
  readonly seq: number;
}

/** The actions by which others come to read something that is no message. */
export type TextAction =
  | "edit_message"
  | "update_profile"
  | "upgrade_visitor"
  | "update_membership"
  | "request_friend"
  | "create_group"
  | "update_group"
  | "join_group"
  | "join_open_group";

/** How long a verdict may be on its way. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Has WeChat judge what people who came by WeChat write: texts and names before they are stored, pictures and recordings after. Of
 * others WeChat does not know who they are, and judges nothing. What is to be reviewed by a person passes.
 */
export class ContentCheck {
  readonly #parts: ContentCheckParts;
  /** Files that WeChat is being asked about. */
  readonly #asking = new Set<Promise<void>>();

  constructor(parts: ContentCheckParts) {
    this.#parts = parts;
  }

  /** @throws {ChatError} `content_rejected`. */
  async requireText(userId: string, text: string, scene: ModerationSubject["scene"]): Promise<void> {
    if (text.trim() === "") return;
    const openid = await openidOf(this.#parts.database.read, userId);
    if (openid === undefined) return;
    const { suggest } = await this.#parts.moderation.checkText(text, { openid, scene });
    if (suggest === "risky") throw new ChatError("content_rejected");
  }

  /** The store, behind the check. Messages of one sender that are sent at the same time may change their order. */
  checked(store: MessageStore): MessageStore {
    return {
      send: async (draft) => {
        if (draft.sender.kind !== "guest") await this.requireText(draft.sender.id, textOf(draft.content), "social_log");
        const sent = await store.send(draft);
        if (!sent.isDuplicate) this.#detached(this.#checkFile(draft, sent));
        return sent;
      },
    };
  }

  /** Those handlers that take names and texts past the store, behind the check. */
  checkedHandlers(handlers: Pick<Handlers, TextAction>): Pick<Handlers, TextAction> {
    const { edit_message, update_profile, upgrade_visitor, update_membership, request_friend } = handlers;
    const { create_group, update_group, join_group, join_open_group } = handlers;
    return {
      edit_message: this.#behind("social_log", edit_message, ({ text }) => [text]),
      update_profile: this.#behind("profile", update_profile, ({ nickname, details }) => [
        nickname,
        details?.bio,
        details?.location,
      ]),
      upgrade_visitor: this.#behind("profile", upgrade_visitor, ({ nickname }) => [nickname]),
      update_membership: this.#behind("profile", update_membership, ({ alias }) => [alias]),
      request_friend: this.#behind("social_log", request_friend, ({ message }) => [message]),
      create_group: this.#behind("social_log", create_group, ({ title }) => [title]),
      update_group: this.#behind("social_log", update_group, ({ title, notice }) => [title, notice]),
      join_group: this.#behind("social_log", join_group, ({ message }) => [message]),
      join_open_group: this.#behind("social_log", join_open_group, ({ message }) => [message]),
    };
  }

  /** Takes WeChat's verdict on a file. Resolves with whether the check is known. */
  async judged(traceId: string, verdict: Verdict): Promise<boolean> {
    const { database, remove } = this.#parts;
    const check = await database.read
      .selectFrom("media_checks")
      .selectAll()
      .where("trace_id", "=", traceId)
      .executeTakeFirst();
    if (check === undefined) return false;
    // WeChat may say the same again, so the check is forgotten later.
    if (verdict.suggest === "risky") await remove({ conversationId: check.conversation_id, seq: check.seq });
    return true;
  }

  /** Waits for what is being asked. */
  async close(): Promise<void> {
    await Promise.all(this.#asking);
  }

  /** A handler that is asked when WeChat has not called risky what others will read. */
  #behind<TInput, TOutput>(
    scene: ModerationSubject["scene"],
    handler: (input: TInput, call: SignedInCall) => Promise<TOutput>,
    textsOf: (input: TInput) => readonly (string | undefined)[],
  ): (input: TInput, call: SignedInCall) => Promise<TOutput> {
    return async (input, call) => {
      const texts = textsOf(input).filter((text) => text !== undefined);
      await this.requireText(call.caller.userId, texts.join("\n"), scene);
      return handler(input, call);
    };
  }

  async #checkFile({ sender, content }: MessageDraft, { row }: SentMessage): Promise<void> {
    const { database, clock, moderation, urlOf, remove } = this.#parts;
    const media = content.type === "image" ? "image" : content.type === "voice" ? "audio" : undefined;
    if (media === undefined || urlOf === undefined || !("fileId" in content.body)) return;
    const openid = await openidOf(database.read, sender.id);
    if (openid === undefined) return;
    const check = await moderation.checkMedia(urlOf(content.body.fileId), { openid, scene: "social_log", media });
    const place = { conversationId: row.conversation_id, seq: row.seq };
    if (check.kind === "judged") {
      if (check.verdict.suggest === "risky") await remove(place);
      return;
    }
    const at = clock.now();
    await database.write(async (transaction) => {
      await transaction
        .deleteFrom("media_checks")
        .where("created_at", "<", at - KEPT_MS)
        .execute();
      await transaction
        .insertInto("media_checks")
        .values({ trace_id: check.traceId, conversation_id: place.conversationId, seq: place.seq, created_at: at })
        .execute();
    });
  }

  #detached(work: Promise<void>): void {
    const asking = work.catch(this.#parts.failed).finally(() => this.#asking.delete(asking));
    this.#asking.add(asking);
  }
}

/** What people read of a content. */
function textOf({ type, body }: MessageContent): string {
  switch (type) {
    case "text":
      return body.text;
    case "image":
      return body.caption ?? "";
    case "file":
      return body.name;
    case "location":
      return `${body.title}\n${body.address}`;
    case "custom":
      return JSON.stringify(body.data);
    case "voice":
    case "video":
    case "card":
      return "";
    default:
      return type satisfies never;
  }
}
