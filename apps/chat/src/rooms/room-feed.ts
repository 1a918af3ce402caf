import type { Message, User } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Server } from "@hutong/server";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** A message as every client of a room understands it. */
export interface RoomMessage {
  readonly id: string;
  /** The name of whoever says it. */
  readonly from: string;
  /** The text; for other types what comes nearest to one. */
  readonly body: string;
  readonly at: number;
  /** Its place in the room's log, from 1 without gaps. */
  readonly seq?: number;
  /** A user's id, or `guest:` and a member id. */
  readonly senderId?: string;
  /** What it is when it is no text, for example `"image"`. */
  readonly type?: string;
  /** Where its file is, as a path; a picture from elsewhere has a whole address. */
  readonly url?: string;
}

/** The kind of a custom message that shows a picture from elsewhere, by the address in its data. */
export const PICTURE_KIND = "picture";

/** Where {@link RoomFeed} pushes to. */
type Broadcast = Pick<Server, "broadcast">;

/** Says on `room:<name>` what is said in a room's conversation, to the clients that know nothing of conversations. */
export class RoomFeed {
  readonly #server: Broadcast;
  readonly #database: Database<Tables>;

  constructor(server: Broadcast, database: Database<Tables>) {
    this.#server = server;
    this.#database = database;
  }

  /** Broadcasts a stored message; `users` are the profiles that it names. Resolves when it is handed over. */
  async tell(conversation: ConversationRow, message: Message, users: readonly User[]): Promise<void> {
    // The key of a room's conversation is its topic.
    const { unique_key: topic } = conversation;
    if (topic === null) return;
    const fileId = fileIdOf(message);
    const fileName = fileId === undefined ? "" : await this.#nameOf(fileId);
    this.#server.broadcast(topic, "new_msg", roomMessage(message, users, fileName));
  }

  async #nameOf(fileId: string): Promise<string> {
    const { read } = this.#database;
    const file = await read.selectFrom("files").select("name").where("id", "=", fileId).executeTakeFirst();
    return file?.name ?? "";
  }
}

/** A message in the words of the room. `fileName` is the name of the file that it shows, if any. */
export function roomMessage(message: Message, users: readonly User[], fileName: string): RoomMessage {
  const { id, seq, senderId, senderName, createdAt: at, type } = message;
  const from = senderName ?? users.find((user) => user.id === senderId)?.nickname ?? "";
  const url = urlOf(message);
  return {
    id,
    from,
    body: textOf(message, users, fileName),
    at,
    seq,
    senderId,
    ...(type !== "text" && { type }),
    ...(url !== undefined && { url }),
  };
}

function urlOf(message: Message): string | undefined {
  const fileId = fileIdOf(message);
  return fileId === undefined ? pictureUrlOf(message) : `/api/files/${encodeURIComponent(fileId)}`;
}

function pictureUrlOf({ type, body }: Message): string | undefined {
  if (type !== "custom" || body.kind !== PICTURE_KIND) return undefined;
  return typeof body.data === "string" ? body.data : undefined;
}

function fileIdOf(message: Message): string | undefined {
  return "fileId" in message.body ? message.body.fileId : undefined;
}

function textOf(message: Message, users: readonly User[], fileName: string): string {
  switch (message.type) {
    case "text":
      return message.body.text;
    case "image":
      return message.body.caption ?? fileName;
    case "voice":
    case "video":
      return fileName;
    case "file":
      return message.body.name;
    case "location":
      return message.body.title;
    case "card":
      return users.find((user) => user.id === message.body.userId)?.nickname ?? "";
    case "custom":
      return pictureUrlOf(message) ?? message.body.kind;
    case "notice":
      return message.body.text ?? "";
    case "recalled":
    case "removed":
      return "";
    default:
      return message satisfies never;
  }
}
