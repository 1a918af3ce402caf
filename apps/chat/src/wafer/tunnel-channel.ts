import { accept, channelsFor, type PresenceState, refuse } from "@hutong/server";
import { z } from "zod";
import type { ChatAssigns, WaferMember } from "../channels/chat-assigns.ts";
import { LOBBY_TOPIC } from "../rooms/lobby.ts";
import type { WaferUserInfo } from "./answers.ts";
import { addressOf, hear, type RoomMemberParts, say, takeSeat } from "./room-member.ts";
import { TUNNEL_CHANNEL } from "./tunnel-protocol.ts";

const META = z.object({ nickname: z.string().default(""), avatarUrl: z.string().default("") });
const DIFF = z.object({
  joins: z.record(z.string(), z.object({ metas: z.array(META) })),
  leaves: z.record(z.string(), z.object({ metas: z.array(META) })),
});

/**
 * The lobby as the tunnel's stock demo knows it: `people` says who came and went, `speak` what is said. A client finds itself by
 * its own openid; others are named by their ids here, because an openid is nobody else's business.
 */
export function tunnelChannel(parts: RoomMemberParts) {
  return channelsFor<ChatAssigns>()(LOBBY_TOPIC, {
    receives: { speak: { payload: z.object({ word: z.string().trim().min(1).max(2_000) }) } },
    cable: { name: TUNNEL_CHANNEL, topic: () => LOBBY_TOPIC },
    join: ({ connection: { assigns } }) =>
      assigns.wafer !== undefined && assigns.caller !== undefined
        ? accept({ assigns: { wafer: assigns.wafer, userId: assigns.caller.userId } })
        : refuse("unauthorized"),
    joined: (channel) => takeSeat(parts, channel, "wafer"),
    terminate: (channel) => parts.onlineUsers.left(channel.assigns.userId, channel),
    handle: {
      speak: async ({ word }, channel) => say(parts, channel.assigns, { type: "text", body: { text: word } }),
    },
    intercept: {
      new_msg: async (payload, channel) => {
        const { wafer, userId } = channel.assigns;
        const message = await hear(parts, wafer, payload);
        if (message === undefined) return;
        const { id, seq, senderId, sender, body, pictureUrl } = message;
        const openId = senderId === userId ? wafer.openid : senderId;
        channel.push("speak", { who: { openId, ...sender }, word: pictureUrl ?? body, id, seq });
      },
      presence_diff: (payload, channel) => {
        const diff = DIFF.safeParse(payload);
        if (!diff.success) return;
        const { joins, leaves } = diff.data;
        const { wafer, userId } = channel.assigns;
        const there = channel.presence.list();
        const total = channel.presence.count();
        const infoOf = toInfo(wafer, userId);
        // Who is in both has only changed; who is still there has lost one of several clients.
        for (const [id, { metas }] of Object.entries(joins))
          if (leaves[id] === undefined) channel.push("people", { total, enter: infoOf(id, metas) });
        for (const [id, { metas }] of Object.entries(leaves))
          if (!isThere(there, id)) channel.push("people", { total, leave: infoOf(id, metas) });
      },
    },
  });
}

function isThere(state: PresenceState, id: string): boolean {
  return state[id] !== undefined;
}

function toInfo(wafer: WaferMember, userId: string) {
  return (id: string, [meta]: readonly z.output<typeof META>[]): WaferUserInfo => ({
    openId: id === userId ? wafer.openid : id,
    nickName: meta?.nickname ?? "",
    avatarUrl: addressOf(wafer.base, meta?.avatarUrl ?? ""),
  });
}
