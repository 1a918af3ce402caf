import { createSocket, type WebSocketConstructor } from "@hutong/client";
import type { StreamPosition } from "@hutong/protocol";
import type { HistoryChecker } from "@hutong/testing";
import { createCable } from "@anycable/core";
import { WebSocket } from "ws";

/** What a client of a soak run is made of. */
export interface SoakClientPlan {
  /** Unique in the run. */
  readonly name: string;
  /** The port that it connects to. */
  readonly port: number;
  readonly topics: readonly string[];
  readonly checker: HistoryChecker;
  /** Loads what a topic shows; resolves with the position that it stands at. */
  readonly load: (topic: string) => Promise<StreamPosition>;
  /** Time between two heartbeats, and for the answer to one, in milliseconds. @defaultValue 2_000 */
  readonly heartbeatMs?: number;
  /** Hears of every WebSocket that it makes. @defaultValue nobody */
  readonly opened?: (webSocket: WebSocket) => void;
}

/** A client that joins its topics and tells the checker what it is given. */
export interface SoakClient {
  /** Resolves when it is on all of its topics for the first time. */
  readonly joined: Promise<unknown>;
  /** Ends it. */
  close(): void;
}

/** Makes a client of one kind. */
export type SoakClientKind = (plan: SoakClientPlan) => SoakClient;

/** Our client. */
export function hutongClient(plan: SoakClientPlan): SoakClient {
  const { name, port, topics, checker, load, opened, heartbeatMs = 2_000 } = plan;
  const socket = createSocket(`http://127.0.0.1:${port}/socket`, {
    webSocket: opened === undefined ? WebSocket : observed(opened),
    transports: ["websocket"],
    heartbeatIntervalMs: heartbeatMs,
    heartbeatTimeoutMs: heartbeatMs,
    reconnect: { minMs: 50, maxMs: 1_000 },
  });
  socket.connect();
  const joins = topics.map((topic) => {
    checker.note(name, topic, { kind: "joined" });
    const snapshot = async (): Promise<StreamPosition> => {
      const position = await load(topic);
      checker.note(name, topic, { kind: "loaded", position });
      return position;
    };
    const channel = socket.channel(topic, {}, { snapshot });
    channel.on("said", (payload) => checker.note(name, topic, { kind: "delivered", id: idOf(payload) }));
    return channel.join({ timeoutMs: 60_000 });
  });
  return { joined: Promise.all(joins), close: () => void socket.close() };
}

/** The client of AnyCable, as it is published, over the extended dialect. It cannot load: what comes next counts. */
export function anycableClient({ name, port, topics, checker }: SoakClientPlan): SoakClient {
  const cable = createCable(`ws://127.0.0.1:${port}/cable`, {
    protocol: "actioncable-v1-ext-json",
    websocketImplementation: WebSocket,
    logLevel: "error",
  });
  const joins = topics.map((topic) => {
    checker.note(name, topic, { kind: "joined" });
    checker.note(name, topic, { kind: "loaded", position: undefined });
    const channel = cable.subscribeTo("SoakChannel", { id: topic.slice("room:".length) });
    channel.on("message", (message) => {
      // Presence comes as messages, too, where a channel does not translate it.
      if (idOf(message) !== "nothing") checker.note(name, topic, { kind: "delivered", id: idOf(message) });
    });
    channel.on("info", ({ type }) => {
      if (type === "history_not_found") checker.note(name, topic, { kind: "loaded", position: undefined });
    });
    return channel.ensureSubscribed();
  });
  return { joined: Promise.all(joins), close: () => cable.disconnect() };
}

function observed(opened: (webSocket: WebSocket) => void): WebSocketConstructor {
  return class extends WebSocket {
    constructor(url: string, subprotocols?: string[]) {
      super(url, subprotocols);
      opened(this);
    }
  };
}

function idOf(payload: unknown): string {
  return typeof payload === "object" && payload !== null && "id" in payload ? String(payload.id) : "nothing";
}
