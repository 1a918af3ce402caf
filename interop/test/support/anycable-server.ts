import {
  accept,
  type ChannelDefinition,
  type ConnectHandler,
  createSignedStreams,
  defineChannel,
  pubsubChannel,
  refuse,
} from "@hutong/server";
import { actionCableAt } from "@hutong/server/node";
import { CableClient, identify } from "./cable-client.ts";
import { type SmallServer, startSmallServer } from "./small-server.ts";
import { connect } from "./web-socket-client.ts";

/** Signs the streams of the server below. */
export const signedStreams = createSignedStreams({ secret: "a secret of the tests" });

/** What AnyCable's own clients offer. */
export const EXTENDED_SUBPROTOCOL = "actioncable-v1-ext-json";

/** Rooms whose channels have ended, with the reason. */
export const departures: string[] = [];

const channels: readonly ChannelDefinition[] = [
  defineChannel("room:*", {
    cable: { name: "RoomChannel", topic: ({ id }) => `room:${String(id)}`, whisper: true, presence: "open" },
    history: { maxCount: 5 },
    join: () => accept(),
    terminate: ({ topic }, reason) => void departures.push(`${topic} ${reason}`),
    handle: {
      speak: (data, channel) => channel.broadcast("said", data),
      others: (data, channel) => channel.broadcastToOthers("said", data),
      whoami: (_data, channel) => channel.push("token", channel.connection.assigns["token"]),
      enter: (_data, channel) => void channel.presence.track("handler", { by: "handler" }),
      exit: (_data, channel) => channel.presence.untrack("handler"),
    },
  }),
  defineChannel("lobby:*", {
    cable: { name: "LobbyChannel", topic: () => "lobby:1", presence: "shown" },
    join: () => accept(),
    joined: (channel) => void channel.presence.track(`member ${channel.connection.id}`, {}),
  }),
  defineChannel("plain:*", {
    cable: { name: "PlainChannel", topic: () => "plain:1" },
    join: () => accept(),
    joined: (channel) => channel.push("hello", "hello"),
    handle: { echo: (data, channel) => channel.push("echo", data) },
  }),
  pubsubChannel({
    verify: signedStreams.verify,
    allowPublic: ["news:*", "chat/*"],
    whisper: true,
    presence: "open",
    history: {},
  }),
];

const admit: ConnectHandler = ({ token }) => (token === "bad" ? refuse("no") : { assigns: { token: token ?? "" } });

/** Starts the server of the AnyCable scenarios at `/cable`. */
export function startAnycableServer(
  limits: { readonly idleTimeoutMs?: number } = {},
  presence: { readonly graceMs?: number } = {},
): Promise<SmallServer> {
  return startSmallServer({ channels, connect: admit, presence }, [
    actionCableAt("/cable", { limits: { pingIntervalMs: 50, ...limits } }),
  ]);
}

/** A raw client of the dialect; the welcome has been read. */
export async function connectExtended(url: string): Promise<CableClient> {
  const client = new CableClient(await connect(`${url}/cable`, { subprotocols: [EXTENDED_SUBPROTOCOL] }));
  await client.next();
  return client;
}

/** The identifier of a room. */
export function roomOf(id: string): string {
  return identify("RoomChannel", { id });
}

/** A frame with a message of a topic with history. */
export function kept(identifier: string, message: unknown, place: { topic: string; epoch: unknown; offset: number }) {
  return { identifier, message, stream_id: place.topic, epoch: place.epoch, offset: place.offset };
}

/** A frame that tells of presence. */
export function presence(identifier: string, message: object): object {
  return { type: "presence", identifier, message };
}

/** A frame that says what became of the history. */
export function history(identifier: string, outcome: "confirm" | "reject"): object {
  return { type: `${outcome}_history`, identifier };
}
