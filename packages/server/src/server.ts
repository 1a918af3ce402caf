import { type ClientMessage, type CloseName, isTopic, type WireProtocol } from "@hutong/protocol";
import { AnsweredPushes } from "./channel/answered-pushes.ts";
import type { ChannelHost } from "./channel/channel-host.ts";
import type { ChannelDefinition } from "./channel/define-channel.ts";
import { broadcastOf } from "./channel/encoded-broadcast.ts";
import { Publisher } from "./channel/publisher.ts";
import { Router } from "./channel/router.ts";
import type { Subscriber } from "./channel/subscriber.ts";
import { Client, type ClientHost } from "./client.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ConnectHandler, ConnectionAdmission } from "./connect.ts";
import type { Connection } from "./connection/connection.ts";
import { drainConnections } from "./connection/drain.ts";
import { TokenWatch } from "./connection/token-watch.ts";
import { WriteCycle } from "./connection/write-cycle.ts";
import { dispatch } from "./dispatch.ts";
import { Mount, type MountOptions } from "./connection/mount.ts";
import type { HistoryStore } from "./history/history-store.ts";
import { MemoryHistoryStore } from "./history/memory-history-store.ts";
import { KeyedBuckets } from "./limits/keyed-buckets.ts";
import { DEFAULT_SERVER_LIMITS, resolveLimits, type ServerLimits } from "./options.ts";
import { readClaim, readHandOver } from "./presence/hand-over.ts";
import { Presence } from "./presence/presence.ts";
import type { PresenceState } from "./presence/presence-diff.ts";
import { type PresenceLimits, resolvePresenceLimits } from "./presence/presence-limits.ts";
import type { Broker } from "./pubsub/broker.ts";
import type { Broadcast } from "./pubsub/envelope.ts";
import { MemoryBroker } from "./pubsub/memory-broker.ts";
import { CONTROL_TOPIC, PubSub } from "./pubsub/pubsub.ts";
import { type ConnectionReport, type FrameTrace, NO_TELEMETRY, type Telemetry, type Traffic } from "./telemetry.ts";
import type { Transport } from "./transport/transport.ts";

/** Options of {@link createServer}. */
export interface ServerOptions {
  /** The channels. For a topic the first definition that matches wins. */
  readonly channels: readonly ChannelDefinition[];
  /** Decides who may connect. @defaultValue everyone, with no assigns */
  readonly connect?: ConnectHandler;
  /** Joins this node to others; the server closes it. @defaultValue a {@link MemoryBroker}: this node is alone */
  readonly broker?: Broker;
  /** Keeps the broadcasts of channels with `history`; the server closes it. @defaultValue a {@link MemoryHistoryStore} */
  readonly historyStore?: HistoryStore;
  readonly limits?: ServerLimits;
  /** Limits of presence. */
  readonly presence?: PresenceLimits;
  /** Receives what the server reports of itself. @defaultValue nobody */
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
  /** Gives a number from 0 to below 1, for times that differ from connection to connection. @defaultValue `Math.random` */
  readonly random?: () => number;
}

/** Counts of one node. */
export interface ServerStats {
  /** Open connections. */
  readonly connections: number;
  /** Channels that are joined or being joined. */
  readonly channels: number;
  /** Topics with at least one subscriber. */
  readonly topics: number;
  /** Subscribers, counted once per topic. */
  readonly subscriptions: number;
}

/** Whether a server takes new connections. */
export type ServerState = "idle" | "running" | "draining" | "closed";

/**
 * A channel server on one node: it joins the half that knows bytes to the half
 * that knows topics. It has no I/O of its own; `@hutong/server/node` brings clients
 * to it.
 */
export class Server {
  /** Unique in the cluster. */
  readonly nodeId: string = crypto.randomUUID().slice(0, 8);
  readonly limits: Required<ServerLimits>;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly #connect: ConnectHandler;
  readonly #cycle: WriteCycle;
  readonly #router: Router;
  readonly #random: () => number;
  readonly #clientHost: ClientHost;
  readonly #handshakes: KeyedBuckets;
  readonly #tokens: TokenWatch;
  readonly #pubsub: PubSub<Subscriber>;
  readonly #store: HistoryStore;
  readonly #host: ChannelHost;
  readonly #clients = new Map<Connection, Client>();
  readonly #clientsBySocketId = new Map<string, Set<Client>>();
  #state: ServerState = "idle";
  /** What went over the connections that are gone. */
  readonly #pastTraffic: TrafficSum = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 };
  #connectionCount = 0;
  #emptied: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    this.limits = resolveLimits(options.limits ?? {}, DEFAULT_SERVER_LIMITS);
    this.telemetry = options.telemetry ?? NO_TELEMETRY;
    this.clock = options.clock ?? systemClock;
    this.#connect = options.connect ?? (() => ({}));
    this.#cycle = new WriteCycle(this.clock);
    this.#router = new Router(options.channels);
    this.#pubsub = new PubSub({
      broker: options.broker ?? new MemoryBroker(),
      dispatch: this.telemetry === NO_TELEMETRY ? dispatch : (...fanOut) => this.#dispatch(...fanOut),
      control: (broadcast) => this.#control(broadcast),
      telemetry: this.telemetry,
    });
    const { clock, limits, telemetry } = this;
    const presence = new Presence({
      nodeId: this.nodeId,
      clock,
      limits: resolvePresenceLimits(options.presence ?? {}),
      channel: {
        publish: (topic, payload) => this.#pubsub.publish({ topic, event: "presence_diff", payload }),
        publishLocally: (topic, event, payload) => this.#pubsub.publishLocally({ topic, event, payload }),
        handOver: (payload) => this.#pubsub.publish({ topic: CONTROL_TOPIC, event: "hand_over", payload }),
        claim: (payload) => this.#pubsub.publish({ topic: CONTROL_TOPIC, event: "claim", payload }),
      },
    });
    this.#store = options.historyStore ?? new MemoryHistoryStore({ clock });
    const publisher = new Publisher({ pubsub: this.#pubsub, store: this.#store, router: this.#router, telemetry });
    const answeredPushes = new AnsweredPushes(clock, limits);
    this.#host = {
      pubsub: this.#pubsub,
      publisher,
      answeredPushes,
      store: this.#store,
      presence,
      clock,
      limits,
      telemetry,
    };
    this.#random = options.random ?? Math.random;
    this.#tokens = new TokenWatch(clock);
    const { userMessageBurst, userMessagesPerSecond, handshakeBurst, handshakesPerSecond, maxRateKeys } = limits;
    const userBuckets = new KeyedBuckets({ burst: userMessageBurst, perSecond: userMessagesPerSecond }, maxRateKeys);
    this.#handshakes = new KeyedBuckets({ burst: handshakeBurst, perSecond: handshakesPerSecond }, maxRateKeys);
    this.#clientHost = { host: this.#host, router: this.#router, userBuckets };
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Connects the broker; from now on clients are admitted. Rejects when the broker cannot be reached. */
  async start(): Promise<void> {
    await this.#pubsub.start();
    if (this.#state === "idle") this.#state = "running";
  }

  /**
   * Sends an event to every channel on a topic, on all nodes: from HTTP handlers, jobs, timers. Delivered at
   * most once, in the order of the calls.
   *
   * @throws {TypeError} when the topic is malformed.
   */
  broadcast(topic: string, event: string, payload: unknown): void {
    if (!isTopic(topic)) throw new TypeError(`"${topic.slice(0, 80)}" is no topic`);
    this.#host.publisher.publish({ topic, event, payload });
  }

  /**
   * Closes every connection that the `connect` handler gave this id, on all nodes. With `reconnect: false`
   * clients are told to stay away; ours do, others may ask again and are then for `connect` to refuse. @defaultValue reconnect is true
   */
  disconnect(socketId: string, options: { readonly reconnect?: boolean } = {}): void {
    const close: CloseName = (options.reconnect ?? true) ? "going_away" : "kicked";
    this.#disconnectHere(socketId, close);
    this.#pubsub.publish({ topic: CONTROL_TOPIC, event: "disconnect", payload: { socketId, close } });
  }

  /**
   * Closes every connection that the `connect` handler gave this `tokenId`, on all nodes, with `unauthenticated`;
   * also those whose handshake is under way. That the token is refused from now on is for `connect` to see to.
   */
  revoke(tokenId: string): void {
    this.#tokens.revoke(tokenId);
    this.#pubsub.publish({ topic: CONTROL_TOPIC, event: "revoke", payload: { tokenId } });
  }

  /** Everyone on a topic; nobody when there are more than `maxListed`. */
  presence(topic: string): PresenceState {
    return this.#host.presence.list(topic);
  }

  /** Counts of this node. */
  stats(): ServerStats {
    let channels = 0;
    for (const client of this.#clients.values()) channels += client.channels.size;
    return {
      connections: this.#clients.size,
      channels,
      topics: this.#pubsub.topicCount,
      subscriptions: this.#pubsub.subscriptionCount,
    };
  }

  /** What went over all connections of this node since it started. */
  traffic(): Traffic {
    const sum = { ...this.#pastTraffic };
    for (const connection of this.#clients.keys()) addTraffic(sum, connection.traffic);
    return sum;
  }

  /** The open connections of this node, the oldest first. Reports are made one by one, as they are taken. */
  *connections(): Iterable<ConnectionReport> {
    for (const { connection, info, channels } of this.#clients.values()) {
      const { id, socketId, transport, wireProtocol } = info;
      const { state, ageMs, traffic, bufferedAmount } = connection;
      const { topics } = channels;
      yield { id, socketId, transport, wireProtocol, state, ageMs, traffic, bufferedAmount, topics };
    }
  }

  /**
   * Has `trace` see every frame of a connection until the returned function is called. A connection has one
   * trace: a newer one takes its place. `undefined` when there is no such connection.
   */
  trace(connectionId: string, trace: FrameTrace): (() => void) | undefined {
    for (const connection of this.#clients.keys()) {
      if (connection.id !== connectionId) continue;
      connection.trace = trace;
      return () => {
        if (connection.trace === trace) connection.trace = undefined;
      };
    }
    return undefined;
  }

  /** Whether another connection would be admitted now. */
  get hasRoom(): boolean {
    return this.#state === "running" && this.#clients.size < this.limits.maxConnections;
  }

  /** Counts a handshake of an address. 0 when it may go on; otherwise how long it has to wait, in milliseconds. */
  countHandshake(remoteAddress: string): number {
    return this.#handshakes.take(remoteAddress, this.clock.now());
  }

  /** Makes a place where clients connect. For those who bring a transport of their own. */
  mount(options: MountOptions): Mount {
    return new Mount(options, {
      clock: this.clock,
      telemetry: this.telemetry,
      cycle: this.#cycle,
      owner: {
        message: (connection, message) => this.#receive(connection, message),
        limited: (connection, message, retryAfterMs) => this.#limited(connection, message, retryAfterMs),
        overtaken: (connection, frames) => this.#clients.get(connection)?.channels.lag(frames.map(broadcastOf)),
        closed: (connection) => this.#closed(connection),
      },
      connect: this.#connect,
      connectTimeoutMs: this.limits.connectTimeoutMs,
    });
  }

  /** Begins to serve an admitted client. */
  open(mount: Mount, transport: Transport, wireProtocol: WireProtocol, admission: ConnectionAdmission): Connection {
    this.#connectionCount++;
    const connection = mount.connection(
      `${this.nodeId}-${this.#connectionCount.toString(36)}`,
      transport,
      wireProtocol,
    );
    const client = new Client(connection, admission, this.#clientHost);
    this.#clients.set(connection, client);
    if (admission.id !== undefined) this.#named(admission.id).add(client);
    this.telemetry({
      kind: "connection_opened",
      connectionId: connection.id,
      transport: transport.name,
      wireProtocol: wireProtocol.name,
      path: mount.path,
    });
    connection.open();
    this.#tokens.add(connection, admission);
    // Its handshake may have outlived the decision to take no more.
    if (this.#state === "draining" || this.#state === "closed") connection.close("drained");
    else if (this.#clients.size > this.limits.maxConnections) connection.close("overloaded");
    return connection;
  }

  /**
   * Admits nobody any more, closes every connection with the drain code, spread over `drainMs`, and
   * resolves when all are gone and the broker is closed. Handlers at work get `drainAnswerMs` to answer; a connection
   * that lingers is dropped, so that it takes no longer than `drainMs` + `drainAnswerMs` + 5 seconds.
   */
  drain(): Promise<void> {
    const { drainMs, drainAnswerMs } = this.limits;
    return (this.#closing ??= this.#end(drainMs + drainAnswerMs + DRAIN_LINGER_MS, (connections) =>
      drainConnections(connections, {
        clock: this.clock,
        random: this.#random,
        spreadMs: drainMs,
        answerMs: drainAnswerMs,
        idle: async (connection) => this.#clients.get(connection)?.channels.idle(),
      }),
    ));
  }

  /** Like {@link drain}, all at once. */
  close(): Promise<void> {
    return (this.#closing ??= this.#end(CLOSE_LINGER_MS, (connections) => {
      for (const connection of connections) connection.close("drained");
      return () => {};
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(deadlineMs: number, closeAll: (connections: readonly Connection[]) => () => void): Promise<void> {
    this.#state = "draining";
    this.#host.presence.drain();
    const startedAtMs = this.clock.now();
    this.telemetry({ kind: "drain_started", connectionCount: this.#clients.size });
    const connections = [...this.#clients.keys()];
    const gone = new Promise<void>((resolve) => (this.#emptied = resolve));
    if (connections.length === 0) this.#emptied?.();
    const cancelCloses = closeAll(connections);
    const cancel = this.clock.after(deadlineMs, () => {
      for (const connection of [...this.#clients.keys()]) connection.terminate();
    });
    await gone;
    cancel();
    cancelCloses();
    this.#host.presence.close();
    await this.#pubsub.close();
    await this.#store.close();
    this.#state = "closed";
    this.telemetry({ kind: "drain_finished", durationMs: this.clock.now() - startedAtMs });
  }

  #receive(connection: Connection, message: ClientMessage): void {
    const client = this.#clients.get(connection);
    if (client === undefined || message.kind === "heartbeat" || message.kind === "pong") return;
    const waitMs = client.waitFor(message);
    if (waitMs > 0) connection.refuse(message, waitMs);
    else client.channels.receive(message);
  }

  #limited(connection: Connection, message: ClientMessage, retryAfterMs: number): void {
    if (message.kind === "heartbeat" || message.kind === "pong") return;
    this.#clients.get(connection)?.channels.refuseLimited(message, retryAfterMs);
  }

  #closed(connection: Connection): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    addTraffic(this.#pastTraffic, connection.traffic);
    this.#clients.delete(connection);
    const { socketId } = client.info;
    if (socketId !== undefined) {
      const named = this.#named(socketId);
      named.delete(client);
      if (named.size === 0) this.#clientsBySocketId.delete(socketId);
    }
    this.#tokens.delete(connection, client.admission);
    client.channels.close(connection);
    if (this.#clients.size === 0) this.#emptied?.();
  }

  #named(socketId: string): Set<Client> {
    const clients = this.#clientsBySocketId.get(socketId) ?? new Set<Client>();
    this.#clientsBySocketId.set(socketId, clients);
    return clients;
  }

  #dispatch(channels: ReadonlySet<Subscriber>, broadcast: Broadcast, except: Subscriber | undefined): void {
    dispatch(channels, broadcast, except);
    const { topic, event } = broadcast;
    const subscriberCount = channels.size - (except !== undefined && channels.has(except) ? 1 : 0);
    this.telemetry({ kind: "broadcast_dispatched", topic, event, subscriberCount });
  }

  /** Does what another node asks for. */
  #control({ event, payload }: Broadcast): void {
    const { presence } = this.#host;
    if (event === "hand_over") {
      const handOver = readHandOver(payload);
      if (handOver !== undefined) presence.adopt(handOver);
    } else if (event === "claim") {
      const claim = readClaim(payload);
      if (claim !== undefined) presence.release(claim);
    } else if (typeof payload !== "object" || payload === null) {
      return;
    } else if (event === "revoke" && "tokenId" in payload && typeof payload.tokenId === "string") {
      this.#tokens.revoke(payload.tokenId);
    } else if (event === "disconnect" && "socketId" in payload && typeof payload.socketId === "string") {
      const isForGood = "close" in payload && payload.close === "kicked";
      this.#disconnectHere(payload.socketId, isForGood ? "kicked" : "going_away");
    }
  }

  #disconnectHere(socketId: string, close: CloseName): void {
    for (const client of this.#clientsBySocketId.get(socketId) ?? []) client.connection.close(close);
  }
}

type TrafficSum = { -readonly [TKey in keyof Traffic]: Traffic[TKey] };

function addTraffic(sum: TrafficSum, traffic: Traffic): void {
  sum.framesIn += traffic.framesIn;
  sum.framesOut += traffic.framesOut;
  sum.bytesIn += traffic.bytesIn;
  sum.bytesOut += traffic.bytesOut;
}

/** How long connections may take to say good-bye when the server ends, in milliseconds. */
const DRAIN_LINGER_MS = 5_000;
const CLOSE_LINGER_MS = 1_000;

/**
 * Makes a server. It does nothing until it is started, which `listen` of `@hutong/server/node` does.
 *
 * @throws {RangeError} when a limit is out of range.
 * @throws {TypeError} when two channels share an Action Cable name.
 */
export function createServer(options: ServerOptions): Server {
  return new Server(options);
}
