import {
  accept,
  type ConnectHandler,
  createServer,
  crash,
  defineChannel,
  refuse,
  reply,
  type Server,
} from "@hutong/server";
import { type Listener, listen } from "@hutong/server/node";
import { WebSocket } from "ws";
import { z } from "zod";
import { type Channel, type ChannelState, createSocket, type Socket, type SocketOptions } from "../../src/index.ts";

/** How long anything may take that passes over a real socket, in milliseconds: a drain asks for up to two seconds of patience. */
export const LIMIT_MS = 10_000;

/** The ways in which the client reaches a server. */
export const TRANSPORTS = ["websocket", "longpoll"] as const;

/** The bodies that reached the server, in the order of arrival. */
export type Heard = string[];

/** The channel of these tests. Its topic `room:shut` refuses everyone. */
export function createRoom(heard: Heard = []) {
  return defineChannel("room:*", {
    params: z.object({ nickname: z.string().max(30).default("guest") }),
    receives: {
      say: { payload: z.object({ body: z.string() }), reply: z.object({ count: z.number() }) },
      no: { reply: z.object({}) },
      crash: { reply: z.object({}) },
      end: { reply: z.object({}) },
      silence: { reply: z.object({}) },
    },
    sends: { said: z.object({ from: z.string(), body: z.string() }), presence_state: z.unknown() },
    join: ({ topic, params }) =>
      topic === "room:shut"
        ? refuse({ reason: "shut", until: "tomorrow" })
        : accept({ assigns: { nickname: params.nickname }, response: { welcome: params.nickname } }),
    joined: (channel) => {
      channel.presence.track(channel.assigns.nickname, { since: 1 });
      channel.push("presence_state", channel.presence.list());
    },
    handle: {
      say: ({ body }, channel) => {
        heard.push(body);
        channel.broadcast("said", { from: channel.assigns.nickname, body });
        return reply({ count: heard.length });
      },
      no: () => refuse({ reason: "not today", retry: false }),
      crash: () => crash("as asked"),
      end: (_payload, channel) => channel.stop(),
      silence: () => {},
    },
  });
}

/** The contract that the clients of these tests are typed with. */
export type Room = ReturnType<typeof createRoom>;

/** Options of {@link startServer}. */
export interface StartOptions {
  /** @defaultValue a free one */
  readonly port?: number;
  /** @defaultValue nobody listens */
  readonly heard?: Heard;
  /** @defaultValue everyone is let in */
  readonly connect?: ConnectHandler;
}

/** A server that listens, at an address that may be given to another one later. */
export interface RunningServer extends Listener {
  readonly server: Server;
}

/** Starts a server with the room. Its drain does not spread the closes. */
export async function startServer({ port = 0, heard = [], connect }: StartOptions = {}): Promise<RunningServer> {
  const limits = { drainMs: 1 };
  const server = createServer({ channels: [createRoom(heard)], limits, ...(connect !== undefined && { connect }) });
  return { ...(await listen(server, { port })), server };
}

/** A socket that is about to connect, with short waits between attempts. */
export function connect(
  { url }: Pick<Listener, "url">,
  transport: (typeof TRANSPORTS)[number],
  options: SocketOptions = {},
): Socket {
  const socket = createSocket(`${url}/socket`, {
    transports: [transport],
    webSocket: WebSocket,
    reconnect: { minMs: 1, maxMs: 50 },
    timeoutMs: LIMIT_MS,
    ...options,
  });
  socket.connect();
  return socket;
}

/** The channel of a topic, typed. */
export function roomOf(socket: Socket, topic = "room:den", nickname = "Ada"): Channel<Room> {
  return socket.channel<Room>(topic, { nickname });
}

/** Resolves with the next state of this kind. Rejects when it does not come within the limit. */
export function nextState<TKind extends ChannelState["kind"]>(
  channel: Pick<Channel, "onState" | "state" | "topic">,
  kind: TKind,
): Promise<Extract<ChannelState, { kind: TKind }>> {
  return within(`state "${kind}" of ${channel.topic}`, (resolve) =>
    channel.onState((state) => isKind(state, kind) && resolve(state)),
  );
}

/** Resolves with the socket's next state of this kind. Rejects when it does not come within the limit. */
export function nextSocketState<TKind extends Socket["state"]["kind"]>(
  socket: Socket,
  kind: TKind,
): Promise<Extract<Socket["state"], { kind: TKind }>> {
  return within(`state "${kind}" of the socket`, (resolve) =>
    socket.on("state", (state) => isKind(state, kind) && resolve(state)),
  );
}

function isKind<TState extends { readonly kind: string }, TKind extends string>(
  state: TState,
  kind: TKind,
): state is Extract<TState, { kind: TKind }> {
  return state.kind === kind;
}

/** Listens until the listener resolves, and then no more. */
async function within<T>(what: string, listenFor: (resolve: (value: T) => void) => () => void): Promise<T> {
  const { promise, resolve, reject } = withResolvers<T>();
  const timer = setTimeout(() => reject(new Error(`no ${what} within ${LIMIT_MS} ms`)), LIMIT_MS);
  const stop = listenFor(resolve);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stop();
  }
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
