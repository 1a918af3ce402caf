import { isTopic, JsonText, type WireProtocol } from "@hutong/protocol";
import { type ChannelHost, createChannelHost } from "./channel/channel-host.ts";
import type { ChannelDefinition } from "./channel/define-channel.ts";
import { Router } from "./channel/router.ts";
import type { Subscriber } from "./channel/subscriber.ts";
import { Client, type ClientHost } from "./client.ts";
import { ClientTable } from "./client-table.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ConnectHandler, ConnectionAdmission } from "./connect.ts";
import type { Connection } from "./connection/connection.ts";
import { CLOSE_LINGER_MS, DRAIN_LINGER_MS, drainConnections } from "./connection/drain.ts";
import { TokenWatch } from "./connection/token-watch.ts";
import { WriteCycle } from "./connection/write-cycle.ts";
import { CONSOLE_TELEMETRY } from "./console-telemetry.ts";
import { reportedDispatch } from "./dispatch.ts";
import { Mount, type MountOptions, type MountParts } from "./connection/mount.ts";
import type { HistoryStore } from "./history/history-store.ts";
import { MemoryHistoryStore } from "./history/memory-history-store.ts";
import { KeyedBuckets } from "./limits/keyed-buckets.ts";
import { networkOf } from "./limits/network-of.ts";
import { NodeCommands } from "./node-commands.ts";
import { DEFAULT_SERVER_LIMITS, resolveLimits, type ServerLimits } from "./options.ts";
import type { PresenceState } from "./presence/presence-diff.ts";
import { type PresenceLimits, resolvePresenceLimits } from "./presence/presence-limits.ts";
import type { Broker } from "./pubsub/broker.ts";
import { MemoryBroker } from "./pubsub/memory-broker.ts";
import { PubSub } from "./pubsub/pubsub.ts";
import type { ConnectionReport, FrameTrace, ServerState, ServerStats, Telemetry, Traffic } from "./telemetry.ts";
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
  /** Receives what the server reports of itself. @defaultValue the console, and of failures of the application's code alone */
  readonly telemetry?: Telemetry;
  readonly clock?: Clock;
  /** Gives a number from 0 to below 1, for times that differ from connection to connection. @defaultValue `Math.random` */
  readonly random?: () => number;
}

const EVERYBODY: ConnectionAdmission = Object.freeze({});
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
  readonly #mountParts: MountParts;
  readonly #random: () => number;
  readonly #clientHost: ClientHost;
  readonly #handshakes: KeyedBuckets;
  readonly #tokens: TokenWatch;
  readonly #pubsub: PubSub<Subscriber>;
  readonly #host: ChannelHost;
  readonly #clients: ClientTable;
  readonly #commands: NodeCommands;
  #state: ServerState = "idle";
  #connectionCount = 0;
  #closing: Promise<void> | undefined;

  constructor(options: ServerOptions) {
    this.limits = resolveLimits(options.limits ?? {}, DEFAULT_SERVER_LIMITS);
    this.telemetry = options.telemetry ?? CONSOLE_TELEMETRY;
    this.clock = options.clock ?? systemClock;
    const router = new Router(options.channels);
    this.#pubsub = new PubSub({
      broker: options.broker ?? new MemoryBroker(),
      dispatch: reportedDispatch(this.telemetry),
      control: (broadcast) => this.#commands.receive(broadcast, this.#host.presence),
      telemetry: this.telemetry,
    });
    const { clock, limits, telemetry } = this;
    this.#tokens = new TokenWatch(clock);
    this.#clients = new ClientTable(this.#tokens);
    this.#commands = new NodeCommands({ pubsub: this.#pubsub, clients: this.#clients, tokens: this.#tokens });
    this.#host = createChannelHost({
      nodeId: this.nodeId,
      pubsub: this.#pubsub,
      store: options.historyStore ?? new MemoryHistoryStore({ clock }),
      router,
      presenceLimits: resolvePresenceLimits(options.presence ?? {}),
      nodes: this.#commands,
      clock,
      limits,
      telemetry,
    });
    this.#mountParts = {
      clock,
      telemetry,
      cycle: new WriteCycle(clock),
      owner: this.#clients,
      connect: options.connect ?? (() => EVERYBODY),
      connectTimeoutMs: limits.connectTimeoutMs,
    };
    this.#random = options.random ?? Math.random;
    const { userMessageBurst, userMessagesPerSecond, handshakeBurst, handshakesPerSecond, maxRateKeys } = limits;
    const userBuckets = new KeyedBuckets({ burst: userMessageBurst, perSecond: userMessagesPerSecond }, maxRateKeys);
    this.#handshakes = new KeyedBuckets({ burst: handshakeBurst, perSecond: handshakesPerSecond }, maxRateKeys);
    this.#clientHost = { host: this.#host, router, userBuckets };
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
   * Sends an event to every channel on a topic, or on each of several, on all nodes: from HTTP handlers, jobs, timers. Delivered
   * at most once, in the order of the calls, and of the topics. One call for many topics writes the payload once for all.
   *
   * @throws {TypeError} when a topic is malformed; then nothing is sent.
   */
  broadcast(topic: string | readonly string[], event: string, payload: unknown): void {
    const topics = typeof topic === "string" ? [topic] : topic;
    for (const each of topics) checkTopic(each);
    const json = topics.length > 1 && !(payload instanceof Uint8Array) ? new JsonText(payload) : undefined;
    for (const each of topics) void this.#host.publisher.publish({ topic: each, event, payload, json });
  }

  /**
   * Like {@link broadcast}; resolves when the topic's history has kept it and it has gone out, and rejects with what the
   * store threw when it has not.
   *
   * @throws {TypeError} when the topic is malformed, as a rejection.
   */
  async broadcastKept(topic: string, event: string, payload: unknown): Promise<void> {
    checkTopic(topic);
    await this.#host.publisher.publish({ topic, event, payload });
  }

  /**
   * Closes every connection that the `connect` handler gave this id, on all nodes. With `reconnect: false`
   * clients are told to stay away; ours do, others may ask again and are then for `connect` to refuse. @defaultValue reconnect is true
   */
  disconnect(socketId: string, options: { readonly reconnect?: boolean } = {}): void {
    this.#commands.disconnect(socketId, (options.reconnect ?? true) ? "going_away" : "kicked");
  }

  /**
   * Closes every connection that the `connect` handler gave this `tokenId`, on all nodes, with `unauthenticated`;
   * also those whose handshake is under way. That the token is refused from now on is for `connect` to see to.
   */
  revoke(tokenId: string): void {
    this.#commands.revoke(tokenId);
  }

  /** Everyone on a topic; nobody when there are more than `maxListed`. */
  presence(topic: string): PresenceState {
    return this.#host.presence.list(topic);
  }

  /** Counts of this node. */
  stats(): ServerStats {
    return {
      connections: this.#clients.size,
      channels: this.#clients.channelCount,
      topics: this.#pubsub.topicCount,
      subscriptions: this.#pubsub.subscriptionCount,
    };
  }

  /** What went over all connections of this node since it started. */
  traffic(): Traffic {
    return this.#clients.traffic;
  }

  /** The open connections of this node, the oldest first. Reports are made one by one, as they are taken. */
  connections(): Iterable<ConnectionReport> {
    return this.#clients.reports();
  }

  /**
   * Has `trace` see every frame of a connection until the returned function is called. A connection has one
   * trace: a newer one takes its place. `undefined` when there is no such connection.
   */
  trace(connectionId: string, trace: FrameTrace): (() => void) | undefined {
    return this.#clients.trace(connectionId, trace);
  }

  /** Whether another connection would be admitted now. */
  get hasRoom(): boolean {
    return this.#state === "running" && this.#clients.size < this.limits.maxConnections;
  }

  /** Counts a handshake of an address, by its {@link networkOf}. 0 when it may go on; otherwise how long it has to wait, in milliseconds. */
  countHandshake(remoteAddress: string): number {
    return this.#handshakes.take(networkOf(remoteAddress), this.clock.now());
  }

  /** Makes a place where clients connect. For those who bring a transport of their own. */
  mount(options: MountOptions): Mount {
    return new Mount(options, this.#mountParts);
  }

  /** Begins to serve an admitted client. */
  open(mount: Mount, transport: Transport, wireProtocol: WireProtocol, admission: ConnectionAdmission): Connection {
    this.#connectionCount++;
    const id = `${this.nodeId}-${this.#connectionCount.toString(36)}`;
    const connection = mount.connection(id, transport, wireProtocol);
    const client = new Client(connection, admission, this.#clientHost);
    this.#clients.add(client);
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
    const gone = this.#clients.emptied();
    const cancelCloses = closeAll(this.#clients.connections);
    const cancel = this.clock.after(deadlineMs, () => {
      for (const connection of this.#clients.connections) connection.terminate();
    });
    await gone;
    cancel();
    cancelCloses();
    this.#host.presence.close();
    await this.#pubsub.close();
    await this.#host.store.close();
    this.#state = "closed";
    this.telemetry({ kind: "drain_finished", durationMs: this.clock.now() - startedAtMs });
  }
}

function checkTopic(topic: string): void {
  if (!isTopic(topic)) throw new TypeError(`"${topic.slice(0, 80)}" is no topic`);
}

/**
 * Makes a server. It does nothing until it is started, which `listen` of `@hutong/server/node` does.
 *
 * @throws {RangeError} when a limit is out of range.
 * @throws {TypeError} when two channels share an Action Cable name.
 */
export function createServer(options: ServerOptions): Server {
  return new Server(options);
}
