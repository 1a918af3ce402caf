import type { MessageContent } from "@hutong/chat-api";
import { accept, channelsFor, refuse } from "@hutong/server";
import { z } from "zod";
import type { ChatAssigns, WaferMember } from "../channels/chat-assigns.ts";
import { LOBBY_TOPIC } from "../rooms/lobby.ts";
import { PICTURE_KIND } from "../rooms/room-feed.ts";
import { hear, type RoomMemberParts, say, takeSeat } from "../wafer/room-member.ts";
import { PANDA_CHANNEL } from "./panda-protocol.ts";
import { encodeRoomGreeting, encodeRoomMessage, type RoomMessage } from "./room-frame.ts";

/** Every push of this channel is a whole frame. */
const FRAME = "frame";

const SAYING = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), content: z.string() }),
  z.object({ kind: z.literal("image"), url: z.string() }),
]);

/** What the channel knows of its client. */
interface PandaAssigns {
  readonly wafer: WaferMember;
  readonly userId: string;
  /** How many people the client was last told of. */
  toldCount: number;
}

/**
 * The lobby as panda-chat-room knows it. A message's number in the room is its id there: it counts up, is the same for everyone, and
 * outlives the process.
 */
export function pandaChannel(parts: RoomMemberParts) {
  return channelsFor<ChatAssigns>()(LOBBY_TOPIC, {
    receives: { say: { payload: SAYING } },
    cable: { name: PANDA_CHANNEL, topic: () => LOBBY_TOPIC },
    join: ({ connection: { assigns } }) => {
      const { wafer, caller } = assigns;
      if (wafer === undefined || caller === undefined) return refuse("unauthorized");
      return accept<PandaAssigns>({ assigns: { wafer, userId: caller.userId, toldCount: 0 } });
    },
    joined: async (channel) => {
      await takeSeat(parts, channel, "panda");
      greet(channel);
    },
    terminate: (channel) => parts.onlineUsers.left(channel.assigns.userId, channel),
    handle: {
      say: async (saying, channel) => {
        const content = await toContent(saying, parts, channel.assigns.wafer);
        return content === undefined ? refuse("bad_request") : say(parts, channel.assigns, content);
      },
    },
    intercept: {
      new_msg: async (payload, channel) => {
        const { wafer, userId } = channel.assigns;
        const message = await hear(parts, wafer, payload);
        if (message === undefined) return;
        const { seq: id, senderId, sender, body, pictureUrl } = message;
        const said: RoomMessage =
          pictureUrl === undefined ? { kind: "text", content: body } : { kind: "image", url: pictureUrl };
        const type = senderId === userId ? "user" : "remote";
        const number = channel.presence.count();
        channel.push(FRAME, encodeRoomMessage(said, { avatarUrl: sender.avatarUrl, type, id, number }));
      },
      presence_diff: (_diff, channel) => greet(channel),
    },
  });
}

/** What {@link greet} needs of a channel. */
interface GreetedChannel {
  readonly presence: { count(): number };
  readonly assigns: { toldCount: number };
  push(event: string, payload: string): void;
}

/** Tells the number of people, unless the client knows it. */
function greet(channel: GreetedChannel): void {
  const count = channel.presence.count();
  if (count === channel.assigns.toldCount) return;
  channel.assigns.toldCount = count;
  channel.push(FRAME, encodeRoomGreeting(count));
}

/**
 * A picture that was uploaded here is a message that shows the file; one from elsewhere is kept by its address. `undefined` for
 * an address that no mini-program may load.
 */
async function toContent(
  saying: RoomMessage,
  { links, sizeOf }: RoomMemberParts,
  { base }: WaferMember,
): Promise<MessageContent | undefined> {
  if (saying.kind === "text") return { type: "text", body: { text: saying.content } };
  const { url } = saying;
  const fileId = url.startsWith(`${base}/`) ? links.fileIdOf(url.slice(base.length)) : undefined;
  if (fileId !== undefined) return { type: "image", body: { fileId, ...(await sizeOf(fileId)) } };
  return url.startsWith("https://") ? { type: "custom", body: { kind: PICTURE_KIND, data: url } } : undefined;
}
