// What the channels of mini-programs share: both are the lobby under another
// grammar, joined by whoever has a wafer session.
import type { MessageContent } from "@hutong/chat-api";
import type { Refuse, Reply } from "@hutong/server";
import { z } from "zod";
import { ChatError } from "../api/chat-error.ts";
import { answerPush } from "../channels/answer-push.ts";
import type { ChatAssigns, WaferMember } from "../channels/chat-assigns.ts";
import type { OnlineUsers } from "../presence/online-users.ts";
import { LOBBY_NAME } from "../rooms/lobby.ts";
import type { RoomTalk } from "../rooms/room-talk.ts";
import type { PictureLinks } from "./picture-links.ts";
import { NOBODY, type WaferPeople, type WaferPerson } from "./wafer-people.ts";

/** What the channels of mini-programs stand on. */
export interface RoomMemberParts {
  readonly talk: Pick<RoomTalk, "say">;
  readonly people: WaferPeople;
  readonly links: PictureLinks;
  /** The size of a picture in pixels; 0 and 0 of what is none. */
  readonly sizeOf: (fileId: string) => Promise<{ readonly width: number; readonly height: number }>;
  readonly onlineUsers: Pick<OnlineUsers, "arrived" | "left">;
  readonly now: () => number;
  /** Hears of what was thrown that is no `ChatError`. */
  readonly failed: (error: unknown) => void;
}

const HEARD = z.object({
  id: z.string(),
  from: z.string(),
  body: z.string(),
  seq: z.number(),
  senderId: z.string(),
  type: z.string().optional(),
  url: z.string().optional(),
});

/** Something that was said in the lobby. */
export interface HeardMessage {
  readonly id: string;
  readonly seq: number;
  readonly senderId: string;
  /** As this server knows the sender now; of guests, what was said at the time. */
  readonly sender: WaferPerson;
  readonly body: string;
  /** An address that a mini-program can load; `undefined` for what is no picture. */
  readonly pictureUrl: string | undefined;
}

/** Reads a `new_msg` of the lobby for a member; `undefined` when it is not one. */
export async function hear(
  parts: RoomMemberParts,
  { base }: WaferMember,
  payload: unknown,
): Promise<HeardMessage | undefined> {
  const message = HEARD.safeParse(payload);
  if (!message.success) return undefined;
  const { id, from, body, seq, senderId, type, url = "" } = message.data;
  const known = senderId.startsWith("guest:") ? undefined : await personOf(parts, senderId);
  const avatarUrl = addressOf(base, known?.avatarUrl ?? "");
  const fileId = type === "image" ? /^\/api\/files\/([\w-]{1,64})$/.exec(url)?.[1] : undefined;
  const pictureUrl = fileId === undefined ? url : addressOf(base, parts.links.pathOf(fileId));
  const isPicture = fileId !== undefined || (type === "custom" && url !== "");
  const sender = { nickName: known?.nickName ?? from, avatarUrl };
  return { id, seq, senderId, sender, body, pictureUrl: isPicture ? pictureUrl : undefined };
}

/** What {@link takeSeat} needs of a channel. */
interface SeatedChannel {
  readonly assigns: { readonly userId: string };
  readonly presence: { track(key: string, meta: object): unknown };
}

/** Lists a member among those who are in the lobby. */
export async function takeSeat(
  parts: RoomMemberParts,
  channel: SeatedChannel,
  client: "panda" | "wafer",
): Promise<void> {
  const { userId } = channel.assigns;
  parts.onlineUsers.arrived(userId, channel);
  const { nickName: nickname, avatarUrl } = (await personOf(parts, userId)) ?? NOBODY;
  channel.presence.track(userId, { nickname, avatarUrl, client, at: parts.now() });
}

/**
 * `undefined` when it cannot be read. Nothing is held back for a name: these clients know no refused joins, and cannot ask for
 * what they have missed.
 */
async function personOf(
  { people, failed }: Pick<RoomMemberParts, "people" | "failed">,
  userId: string,
): Promise<WaferPerson | undefined> {
  try {
    return await people.person(userId);
  } catch (error) {
    failed(error);
    return undefined;
  }
}

/** A path of this server as an address. */
export function addressOf(base: string, pathOrUrl: string): string {
  return pathOrUrl.startsWith("/") ? `${base}${pathOrUrl}` : pathOrUrl;
}

/** Says something in the lobby as a member. */
export async function say(
  { talk, failed }: RoomMemberParts,
  { caller }: Pick<ChatAssigns, "caller">,
  content: MessageContent,
): Promise<Reply | Refuse> {
  return answerPush(async () => {
    if (caller === undefined) throw new ChatError("unauthorized");
    return { id: await talk.say({ name: LOBBY_NAME, speaker: { kind: "user", caller }, content }) };
  }, failed);
}
