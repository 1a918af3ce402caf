import type { MessageContent } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { uuidv7 } from "uuidv7";
import type { Profiles } from "../accounts/profiles.ts";
import type { Caller } from "../api/handlers.ts";
import { toStorable } from "../api/to-storable.ts";
import { addMember } from "../conversations/membership.ts";
import { ensureRoom } from "../conversations/open-room.ts";
import type { MessageStore } from "../messages/message-store.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Who talks in a room: somebody with a session, or a guest under a member id and a name of its own choice. */
export type RoomSpeaker =
  | { readonly kind: "user"; readonly caller: Caller }
  | { readonly kind: "guest"; readonly memberId: string; readonly nickname: string };

/** Something that is said in a room. */
export interface RoomSaying {
  /** The room's topic without `room:`. */
  readonly name: string;
  readonly speaker: RoomSpeaker;
  readonly content: MessageContent;
}

/** What {@link RoomTalk} stands on. */
export interface RoomTalkParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly store: MessageStore;
  readonly profiles: Pick<Profiles, "user">;
}

/**
 * Rooms that keep what is said: it goes into the room's conversation, and from there to everyone. Whoever lets somebody talk
 * has let it into the room.
 */
export class RoomTalk {
  readonly #parts: RoomTalkParts;

  constructor(parts: RoomTalkParts) {
    this.#parts = parts;
  }

  /**
   * Resolves with the message's id when it is stored.
   *
   * @throws {ChatError} the codes of `MessageStore.send`; `bad_request` for what cannot be stored.
   */
  async say(saying: RoomSaying): Promise<string> {
    const { name, speaker, content } = toStorable(saying);
    const { id: conversationId } = await this.#enter(name, speaker);
    const sender =
      speaker.kind === "user"
        ? { id: speaker.caller.userId, kind: speaker.caller.kind, name: null }
        : { id: `guest:${speaker.memberId}`, kind: "guest" as const, name: speaker.nickname };
    const { row } = await this.#parts.store.send({
      conversationId,
      sender,
      clientMessageId: uuidv7(),
      content,
      replyTo: 0,
      mentions: [],
      mentionsAll: false,
      forwarded: false,
    });
    return row.id;
  }

  /** The name under which somebody with a session talks. */
  async nicknameOf({ userId }: Caller): Promise<string> {
    return (await this.#parts.profiles.user(userId)).nickname;
  }

  /** Guests talk without being members; who has an account becomes one, so that the room is among its conversations. */
  async #enter(name: string, speaker: RoomSpeaker): Promise<Pick<ConversationRow, "id">> {
    const { database, clock } = this.#parts;
    const room = await database.read
      .selectFrom("conversations")
      .select("id")
      .where("unique_key", "=", `room:${name}`)
      .executeTakeFirst();
    if (room !== undefined && (speaker.kind === "guest" || (await this.#isMember(room.id, speaker.caller))))
      return room;
    return database.write(async (transaction) => {
      const at = clock.now();
      const conversation = await ensureRoom(transaction, { name, at });
      if (speaker.kind === "user") await addMember(transaction, { conversation, userId: speaker.caller.userId, at });
      return conversation;
    });
  }

  async #isMember(conversationId: string, { userId }: Caller): Promise<boolean> {
    const member = await this.#parts.database.read
      .selectFrom("members")
      .select("left_at")
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return member?.left_at === 0;
  }
}
