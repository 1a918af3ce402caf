import { createHash } from "node:crypto";
import { accept, channelsFor, refuse, reply } from "@hutong/server";
import { uuidv7 } from "uuidv7";
import { z } from "zod";
import type { TokenCheck } from "../tokens.ts";

/** What the connect handler finds out about a client. */
export interface ChatAssigns {
  /** What became of the client's token; `undefined` when it brought none. */
  readonly token: TokenCheck | undefined;
}

const LOBBY = "room:lobby";

const message = z.object({ id: z.string(), from: z.string(), body: z.string(), at: z.number() });

const defineChannel = channelsFor<ChatAssigns>();

/** Rooms in which people talk. Everyone may enter the lobby; the others need a token. `now` is the time that messages get. */
export const roomChannel = (now: () => number) =>
  defineChannel("room:*", {
    params: z.object({
      nickname: z.string().trim().min(1).max(30).optional(),
      visitor: z.string().min(16).max(64).optional(),
      client: z.enum(["hutong", "phoenix", "action_cable"]).optional(),
    }),
    receives: {
      new_msg: {
        payload: z.object({ body: z.string().trim().min(1).max(2_000) }),
        reply: z.object({ id: z.string() }),
      },
    },
    sends: { new_msg: message, presence_state: z.unknown() },
    cable: {
      name: "RoomChannel",
      topic: ({ id }) => `room:${String(id)}`,
      // Messages go out bare, as the lobby's contract says; what this grammar has no name for is wrapped in its name.
      message: (event, payload) => (event === "new_msg" ? payload : { [event]: payload }),
    },
    history: {},
    join: ({ topic, params, connection }) => {
      const id = params.visitor === undefined ? uuidv7() : memberIdOf(params.visitor);
      const { token } = connection.assigns;
      const why = whyNot(topic, token);
      if (why !== undefined) return refuse(why);
      const holderName = token?.kind === "valid" ? token.holder.name : undefined;
      const nickname = params.nickname ?? holderName ?? `guest-${id.slice(-4)}`;
      return accept({ assigns: { id, nickname, client: params.client ?? null }, response: { id, nickname } });
    },
    joined: (channel) => {
      const { id, nickname, client } = channel.assigns;
      channel.presence.track(id, { nickname, client, at: now() });
      channel.push("presence_state", channel.presence.list());
    },
    handle: {
      new_msg: ({ body }, channel) => {
        const id = uuidv7();
        channel.broadcast("new_msg", { id, from: channel.assigns.nickname, body, at: now() });
        return reply({ id });
      },
    },
  });

/**
 * Everyone sees a member's id and nobody the secret that it comes from, so that a client that comes back is
 * the same member and no other client can be.
 */
function memberIdOf(visitor: string): string {
  return createHash("sha256").update(visitor).digest("base64url").slice(0, 22);
}

function whyNot(topic: string, token: TokenCheck | undefined): string | undefined {
  if (topic === LOBBY) return undefined;
  if (token?.kind !== "valid") return token?.kind ?? "unauthorized";
  const { rooms } = token.holder;
  return rooms === undefined || rooms.includes(topic.slice("room:".length)) ? undefined : "unauthorized";
}
