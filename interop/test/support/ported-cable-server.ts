import { setTimeout as delay } from "node:timers/promises";
import { accept, type ChannelDefinition, channelsFor, type ConnectHandler, refuse } from "@hutong/server";
import { actionCableAt, type OriginPolicy } from "@hutong/server/node";
import { type SmallServer, startSmallServer } from "./small-server.ts";

/** What the ported scenarios want to know of a handshake. */
interface PortedAssigns {
  readonly request: object;
}

const defineCable = channelsFor<PortedAssigns>();

/** A channel whose end is told on the topic `departures`. */
function departing(name: string): ChannelDefinition {
  return defineCable("departures", {
    cable: { name, topic: () => "departures" },
    join: ({ params }) => accept({ assigns: { id: fieldOf(params, "id") ?? null } }),
    terminate: (channel) => channel.broadcast("left", { left: name, id: channel.assigns.id }),
  });
}

const channels: readonly ChannelDefinition[] = [
  defineCable("state", {
    cable: { name: "StateChannel", topic: () => "state" },
    join: ({ params }) => accept({ assigns: { name: fieldOf(params, "name"), count: 0 } }),
    joined(channel) {
      channel.assigns.count += 1;
    },
    handle: {
      tick(_data, channel) {
        channel.assigns.count += 2;
        channel.push("ticked", { name: channel.assigns.name, count: channel.assigns.count });
      },
    },
    terminate: (channel) => channel.broadcast("left", { message: `user left: ${String(channel.assigns.name)}` }),
  }),
  departing("AlphaChannel"),
  departing("BetaChannel"),
  defineCable("departures", {
    cable: { name: "WatchChannel", topic: () => "departures" },
    join: () => accept(),
  }),
  defineCable("streams", {
    cable: { name: "StreamsChannel", topic: () => "streams" },
    join: ({ params }) => accept({ assigns: { streams: fieldOf(params, "streams") } }),
    async joined(channel) {
      const { streams } = channel.assigns;
      for (const stream of Array.isArray(streams) ? streams : []) await channel.stream(String(stream));
    },
    handle: {
      unfollow: (data, channel) => channel.stopStream(String(fieldOf(data, "stream"))),
      follow: (data, channel) => channel.stream(String(fieldOf(data, "stream"))),
      probe: (_data, channel) => channel.push("probed", "probed"),
      broadcast: (data, channel) => channel.broadcast("broadcast", data),
      others: (data, channel) => channel.broadcastToOthers("others", data),
      async slow(data, channel) {
        await delay(Number(fieldOf(data, "ms")));
        channel.push("slow", data);
      },
    },
  }),
  defineCable("rejecting", {
    cable: { name: "RejectChannel", topic: () => "rejecting" },
    join: () => refuse("no"),
    handle: { probe: (_data, channel) => channel.push("probed", "never") },
  }),
  defineCable("transmit", {
    cable: { name: "TransmitChannel", topic: () => "transmit" },
    join: () => accept(),
    joined(channel) {
      channel.push("hello", "hello");
      channel.push("world", "world");
    },
    handle: {
      tick: (_data, channel) => channel.push("tock", "tock"),
      echo: (data, channel) => channel.push("echo", { text: fieldOf(data, "text") }),
      request: (_data, channel) => channel.push("request", channel.connection.assigns.request),
    },
  }),
  defineCable("timer", {
    cable: { name: "TimerChannel", topic: () => "timer" },
    join: () => accept({ assigns: { ticks: 0 } }),
    timers: [
      {
        everyMs: 20,
        run(channel) {
          channel.assigns.ticks += 1;
          channel.push("tick", channel.assigns.ticks);
        },
      },
    ],
  }),
  defineCable("crash", {
    cable: { name: "CrashChannel", topic: () => "crash" },
    join() {
      throw new Error("crash");
    },
  }),
];

const connect: ConnectHandler<PortedAssigns> = ({ url, params, token, header }) => {
  const cookie = header("cookie");
  const request = { host: url.host, path: url.pathname, params, token: token ?? null };
  if (params["need"] === "cookie" && cookie !== "username=john green") return refuse("no cookie");
  if (params["need"] === "header" && header("x-api-token") !== "abc") return refuse("no header");
  if (params["need"] === "crash") throw new Error("crash");
  if (token === "bad") return refuse("bad token");
  const uid = params["uid"];
  return typeof uid === "string" ? { assigns: { request }, id: uid } : { assigns: { request } };
};

/** Starts the server of the ported scenarios: `/cable`, which pings every 1.1 s. */
export function startPortedCableServer(origins: OriginPolicy = "same_host"): Promise<SmallServer> {
  // Pings count whole seconds; a little more than one apart, no two can show the same.
  return startSmallServer({ channels, connect }, [
    actionCableAt("/cable", { origins, limits: { pingIntervalMs: 1_100 } }),
  ]);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
