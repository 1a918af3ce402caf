import {
  accept,
  type ChannelDefinition,
  type ConnectHandler,
  type PresenceLimits,
  type ConnectionLimits,
  createServer,
  defineChannel,
  refuse,
  reply,
  type Server,
  type ServerLimits,
  type TelemetryEvent,
} from "@hutong/server";
import {
  actionCableAt,
  type CompressionOptions,
  listen,
  type Listener,
  type LongPollLimits,
  type OriginPolicy,
  phoenixAt,
} from "@hutong/server/node";
import { expect } from "vitest";
import { z } from "zod";
import { type Headers, LIMIT_MS, RawClient, upgradeRequest } from "./raw-client.ts";

/** Rates that tests of other limits do not reach. */
export const UNHURRIED = {
  limits: { messageBurst: 100_000, joinBurst: 100_000 },
  serverLimits: { userMessageBurst: 100_000 },
} as const;

/** The token that admits a client. No telemetry event may contain it. */
export const SECRET = "c2VjcmV0LXRva2Vu-0123456789";

/** What a test of bad input sets. */
export interface TestServerOptions {
  readonly limits?: ConnectionLimits;
  readonly serverLimits?: ServerLimits;
  readonly longPoll?: LongPollLimits;
  readonly connect?: ConnectHandler;
  /** Beside the room that every server has. */
  readonly channels?: readonly ChannelDefinition[];
  /** @defaultValue the host that clients name, `http://chat.example` */
  readonly origins?: OriginPolicy;
  /** @defaultValue `"any"` */
  readonly originless?: "any" | "with_token";
  readonly trustedProxies?: readonly string[];
  readonly presence?: PresenceLimits;
  /** For the mount at `/socket`. @defaultValue off */
  readonly compression?: CompressionOptions;
  /** For the mounts at `/socket` and `/cable`. @defaultValue `true` */
  readonly directWrites?: boolean;
}

const room = defineChannel("room:*", {
  cable: { name: "RoomChannel", topic: ({ id }) => `room:${String(id)}` },
  receives: {
    echo: {},
    say: {},
    track: {},
    counted: { payload: z.object({ count: z.number() }) },
  },
  join: ({ topic }) => (topic.startsWith("room:private-") ? refuse("unauthorized") : accept()),
  handle: {
    echo: (payload) => reply(payload),
    say: (payload, channel) => channel.push("said", payload),
    track: (payload, channel) => {
      channel.presence.track(z.object({ key: z.string() }).parse(payload).key);
      return reply(channel.presence.list());
    },
    counted: ({ count }) => reply({ count }),
  },
});

/** A telemetry event without what differs from run to run. */
export type Report = Readonly<Record<string, unknown>>;

/** Event kinds of clients that did nothing wrong. */
const ORDINARY: ReadonlySet<string> = new Set([
  "connection_opened",
  "channel_joined",
  "channel_ended",
  "message_handled",
  "broadcast_dispatched",
  "drain_started",
  "drain_finished",
]);

/** A server on a free port with everything that a hostile client is measured by. */
export class TestServer {
  readonly server: Server;
  readonly #listener: Listener;
  readonly #events: TelemetryEvent[];
  readonly #clients: RawClient[] = [];

  constructor(server: Server, listener: Listener, events: TelemetryEvent[]) {
    this.server = server;
    this.#listener = listener;
    this.#events = events;
  }

  get events(): readonly TelemetryEvent[] {
    return this.#events;
  }

  /** Opens a TCP connection. It is dropped when the server is disposed. */
  async connect(): Promise<RawClient> {
    const client = await RawClient.connect(this.#listener.port);
    this.#clients.push(client);
    return client;
  }

  /** Sends an upgrade request on a connection of its own. */
  async request(target: string, headers?: Headers, method?: string): Promise<RawClient> {
    const client = await this.connect();
    client.write(upgradeRequest(target, headers, method));
    return client;
  }

  /** Opens a WebSocket. */
  async open(target: string, headers?: Headers): Promise<RawClient> {
    const client = await this.request(target, headers);
    expect((await client.answer()).status).toBe(101);
    return client;
  }

  /** Address of a WebSocket. */
  url(target: string): string {
    return `ws://127.0.0.1:${this.#listener.port}${target}`;
  }

  /** Opens a Phoenix connection. */
  phoenix(vsn = "2.0.0"): Promise<RawClient> {
    return this.open(`/socket/websocket?vsn=${encodeURIComponent(vsn)}&token=${SECRET}`);
  }

  /** Opens an Action Cable connection and takes its welcome. */
  async cable(): Promise<RawClient> {
    const client = await this.open(`/cable?token=${SECRET}`);
    expect(await client.message()).toEqual({ type: "welcome" });
    return client;
  }

  /** Opens a Phoenix long-poll session and gives its URL. */
  async longPoll(): Promise<string> {
    const answer: unknown = await (await this.fetch(`/socket/longpoll?vsn=2.0.0&token=${SECRET}`)).json();
    // The session's token takes the place of the secret: long poll has one parameter for both.
    const { token } = z.object({ token: z.string() }).parse(answer);
    return `/socket/longpoll?vsn=2.0.0&token=${token}`;
  }

  /** Sends an HTTP request and gives the answer. */
  async fetch(target: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.#listener.url}${target}`, { signal: AbortSignal.timeout(LIMIT_MS), ...init });
  }

  /** Resolves when an event of this kind has been reported. */
  async reported(kind: TelemetryEvent["kind"], count = 1): Promise<void> {
    await within(`${count} × ${kind}`, () => this.#events.filter((event) => event.kind === kind).length >= count);
  }

  /** What was reported of misbehaviour, in order. */
  reports(): readonly Report[] {
    return this.#events.filter(({ kind }) => !ORDINARY.has(kind)).map(toReport);
  }

  close(): Promise<void> {
    return this.#listener.close();
  }

  drain(): Promise<void> {
    return this.#listener.drain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.destroy();
    await this.#listener.close();
  }
}

/** Starts a server with Phoenix at `/socket`, Action Cable at `/cable`, and a Phoenix mount with default limits for bystanders. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const events: TelemetryEvent[] = [];
  const { limits = {}, serverLimits = {}, longPoll = {}, origins = ["http://chat.example"], presence = {} } = options;
  const { originless = "any", trustedProxies = [], compression, directWrites = true } = options;
  const compressed = compression === undefined ? {} : { compression };
  const server = createServer({
    channels: [room, ...(options.channels ?? [])],
    limits: serverLimits,
    presence,
    telemetry: (event) => events.push(event),
    connect: options.connect ?? (({ token }) => (token === SECRET ? { id: "tester" } : refuse("unauthorized"))),
  });
  const listener = await listen(server, {
    port: 0,
    mounts: [
      phoenixAt("/socket", { limits, origins, longPoll, originless, trustedProxies, directWrites, ...compressed }),
      actionCableAt("/cable", { limits, origins, directWrites }),
      phoenixAt("/tenants/:tenant", { limits, origins, longPoll: false }),
      phoenixAt("/bystander", { connect: () => ({}), longPoll: false }),
    ],
  });
  return new TestServer(server, listener, events);
}

/** Polls a condition at the pace of the event loop. Fails after the limit. */
export async function within(what: string, check: () => boolean, limitMs = LIMIT_MS): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`no ${what} within ${limitMs} ms`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Runs an attack while another client is joined, and shows what every attack must leave intact: the
 * other client is answered, the process has no stray error, prototypes are clean, telemetry holds no secret.
 */
export async function withBystander(server: TestServer, attack: () => Promise<void>): Promise<void> {
  const stray: unknown[] = [];
  const note = (cause: unknown): void => void stray.push(cause);
  process.on("uncaughtExceptionMonitor", note);
  process.on("unhandledRejection", note);
  try {
    const bystander = await server.open("/bystander/websocket?vsn=2.0.0");
    await join(bystander, "room:bystander");
    await attack();
    bystander.send(["1", "2", "room:bystander", "echo", { still: "here" }]);
    const answer = ["1", "2", "room:bystander", "phx_reply", { status: "ok", response: { still: "here" } }];
    expect(await bystander.message()).toEqual(answer);
    expect(stray).toEqual([]);
  } finally {
    process.off("uncaughtExceptionMonitor", note);
    process.off("unhandledRejection", note);
  }
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(serialise(server.events)).not.toContain(SECRET);
}

/** Joins a topic as a Phoenix V2 client whose join ref is `"1"`. */
export async function join(client: RawClient, topic: string): Promise<void> {
  client.send(["1", "1", topic, "phx_join", {}]);
  expect(await client.message()).toEqual(["1", "1", topic, "phx_reply", { status: "ok", response: {} }]);
}

/** Subscribes as an Action Cable client and gives the identifier. */
export async function subscribe(client: RawClient, id: string): Promise<string> {
  const identifier = JSON.stringify({ channel: "RoomChannel", id });
  client.send({ command: "subscribe", identifier });
  expect(await client.message()).toEqual({ identifier, type: "confirm_subscription" });
  return identifier;
}

/** Shows that a subscribed Action Cable client is answered. */
export async function expectCableAlive(client: RawClient, identifier: string): Promise<void> {
  client.send({ command: "message", identifier, data: JSON.stringify({ action: "say", alive: true }) });
  expect(await client.message()).toEqual({ identifier, message: { alive: true } });
}

function serialise(events: readonly TelemetryEvent[]): string {
  return events
    .map((event) => ("cause" in event ? `${JSON.stringify(event)} ${String(event.cause)}` : JSON.stringify(event)))
    .join("\n");
}

function toReport(event: TelemetryEvent): Report {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== "connectionId" && name !== "durationMs"));
}

/** A promise and what settles it. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** Makes a promise that the test settles. */
export function deferred<T = void>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
