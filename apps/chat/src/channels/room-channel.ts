import { createHash } from "node:crypto";
import { toLine } from "@hutong/chat-api";
import { accept, channelsFor, type Refuse, refuse, type Reply, reply } from "@hutong/server";
import { uuidv7 } from "uuidv7";
import { z } from "zod";
import type { Caller } from "../api/handlers.ts";
import { LOBBY_TOPIC } from "../rooms/lobby.ts";
import type { RoomSpeaker, RoomTalk } from "../rooms/room-talk.ts";
import type { TokenCheck } from "../tokens.ts";
import { answerPush } from "./answer-push.ts";
import type { ChatAssigns } from "./chat-assigns.ts";

const PREFIX = "room:";

const message = z.object({
  id: z.string(),
  from: z.string(),
  body: z.string(),
  at: z.number(),
  seq: z.number().optional(),
  senderId: z.string().optional(),
  type: z.string().optional(),
  url: z.string().optional(),
});

const defineChannel = channelsFor<ChatAssigns>();

/** Where rooms keep what is said, and who hears of what goes wrong there. */
export interface DurableRooms {
  readonly talk: Pick<RoomTalk, "say" | "nicknameOf">;
  /** Hears of what the talk threw that is no `ChatError`. */
  readonly failed: (error: unknown) => void;
}

/**
 * Rooms in which people talk. Everyone may enter the lobby; the others need a token. `now` is the time of the machine. With
 * `durable`, a push is answered when the message is stored, and the message comes from there; without, rooms forget.
 */
export const roomChannel = (now: () => number, durable?: DurableRooms) =>
  defineChannel("room:*", {
    params: z.object({
      nickname: z.string().overwrite(toLine).min(1).max(30).optional(),
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
    join: async ({ topic, params, connection }) => {
      const id = params.visitor === undefined ? uuidv7() : memberIdOf(params.visitor);
      const { token, caller } = connection.assigns;
      const why = whyNot(topic, token);
      if (why !== undefined) return refuse(why);
      const holderName = token?.kind === "valid" ? token.holder.name : undefined;
      // Who has an account talks under its name: nobody else does, and it does not under others.
      const accountName = caller === undefined ? undefined : await durable?.talk.nicknameOf(caller);
      const nickname = accountName ?? params.nickname ?? holderName ?? `guest-${id.slice(-4)}`;
      return accept({ assigns: { id, nickname, client: params.client ?? null }, response: { id, nickname } });
    },
    joined: (channel) => {
      const { id, nickname, client } = channel.assigns;
      channel.presence.track(id, { nickname, client, at: now() });
      channel.push("presence_state", channel.presence.list());
    },
    handle: {
      new_msg: async ({ body }, channel) => {
        if (durable !== undefined) return store(durable, channel.topic, channel.assigns, body);
        const id = uuidv7();
        channel.broadcast("new_msg", { id, from: channel.assigns.nickname, body, at: now() });
        return reply({ id });
      },
    },
  });

/** What the channel knows of its member. */
interface RoomAssigns {
  readonly id: string;
  readonly nickname: string;
  readonly caller: Caller | undefined;
}

async function store(
  { talk, failed }: DurableRooms,
  topic: string,
  { id: memberId, nickname, caller }: RoomAssigns,
  body: string,
): Promise<Reply<{ id: string }> | Refuse> {
  const speaker: RoomSpeaker = caller === undefined ? { kind: "guest", memberId, nickname } : { kind: "user", caller };
  const content = { type: "text", body: { text: body } } as const;
  return answerPush(
    async () => ({ id: await talk.say({ name: topic.slice(PREFIX.length), speaker, content }) }),
    failed,
  );
}

/**
 * Everyone sees a member's id and nobody the secret that it comes from, so that a client that comes back is
 * the same member and no other client can be.
 */
function memberIdOf(visitor: string): string {
  return createHash("sha256").update(visitor).digest("base64url").slice(0, 22);
}

function whyNot(topic: string, token: TokenCheck | undefined): string | undefined {
  if (topic === LOBBY_TOPIC) return undefined;
  if (token?.kind !== "valid") return token?.kind ?? "unauthorized";
  const { rooms } = token.holder;
  return rooms === undefined || rooms.includes(topic.slice(PREFIX.length)) ? undefined : "unauthorized";
}
