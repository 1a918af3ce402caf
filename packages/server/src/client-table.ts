import type { ClientMessage, CloseName } from "@hutong/protocol";
import { broadcastOf } from "./channel/encoded-broadcast.ts";
import type { Client } from "./client.ts";
import type { Connection, ConnectionOwner } from "./connection/connection.ts";
import type { TokenWatch } from "./connection/token-watch.ts";
import type { EncodedFrame } from "./encoded-frame.ts";
import type { ConnectionReport, FrameTrace, Traffic } from "./telemetry.ts";

type TrafficSum = { -readonly [TKey in keyof Traffic]: Traffic[TKey] };

/** The clients of a node: by their connection, which is told what becomes of it here, and by the id that `connect` gave. */
export class ClientTable implements ConnectionOwner {
  readonly #tokens: TokenWatch;
  readonly #clients = new Map<Connection, Client>();
  readonly #bySocketId = new Map<string, Set<Client>>();
  /** What went over the connections that are gone. */
  readonly #pastTraffic: TrafficSum = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 };
  #emptied: (() => void) | undefined;

  constructor(tokens: TokenWatch) {
    this.#tokens = tokens;
  }

  /** Open connections. */
  get size(): number {
    return this.#clients.size;
  }

  /** Channels that are joined or being joined. */
  get channelCount(): number {
    let count = 0;
    for (const { channels } of this.#clients.values()) count += channels.size;
    return count;
  }

  /** What went over all connections so far. */
  get traffic(): Traffic {
    const sum = { ...this.#pastTraffic };
    for (const connection of this.#clients.keys()) addTraffic(sum, connection.traffic);
    return sum;
  }

  /** A copy of the list of connections, the oldest first. */
  get connections(): readonly Connection[] {
    return [...this.#clients.keys()];
  }

  /** The client of a connection; `undefined` once it is gone. */
  get(connection: Connection): Client | undefined {
    return this.#clients.get(connection);
  }

  /** Has `trace` see every frame of a connection until the returned function is called; `undefined` when it is not there. */
  trace(connectionId: string, trace: FrameTrace): (() => void) | undefined {
    const connection = this.connections.find(({ id }) => id === connectionId);
    if (connection === undefined) return undefined;
    connection.trace = trace;
    return () => {
      if (connection.trace === trace) connection.trace = undefined;
    };
  }

  /** Adds a client that is let in. */
  add(client: Client): void {
    this.#clients.set(client.connection, client);
    const { socketId } = client.info;
    if (socketId === undefined) return;
    const named = this.#bySocketId.get(socketId) ?? new Set<Client>();
    this.#bySocketId.set(socketId, named.add(client));
  }

  message(connection: Connection, message: ClientMessage): void {
    const client = this.#clients.get(connection);
    if (client === undefined || message.kind === "heartbeat" || message.kind === "pong") return;
    const waitMs = client.waitFor(message);
    if (waitMs > 0) connection.refuse(message, waitMs);
    else client.channels.receive(message);
  }

  limited(connection: Connection, message: ClientMessage, retryAfterMs: number): void {
    if (message.kind === "heartbeat" || message.kind === "pong") return;
    this.#clients.get(connection)?.channels.refuseLimited(message, retryAfterMs);
  }

  overtaken(connection: Connection, frames: readonly EncodedFrame[]): void {
    this.#clients.get(connection)?.channels.lag(frames.map(broadcastOf));
  }

  closed(connection: Connection): void {
    const client = this.#clients.get(connection);
    if (client === undefined) return;
    addTraffic(this.#pastTraffic, connection.traffic);
    this.#clients.delete(connection);
    const { socketId } = client.info;
    const named = socketId === undefined ? undefined : this.#bySocketId.get(socketId);
    named?.delete(client);
    if (socketId !== undefined && named?.size === 0) this.#bySocketId.delete(socketId);
    this.#tokens.delete(connection, client.tokenId);
    client.channels.close(connection);
    if (this.#clients.size === 0) this.#emptied?.();
  }

  /** Closes the connections that have this id. */
  close(socketId: string, close: CloseName): void {
    for (const { connection } of [...(this.#bySocketId.get(socketId) ?? [])]) connection.close(close);
  }

  /** Resolves when the last client is gone. Asked once, when a server ends. */
  emptied(): Promise<void> {
    if (this.#clients.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#emptied = resolve));
  }

  /** The connections as an operator sees them, the oldest first. Reports are made one by one, as they are taken. */
  *reports(): Iterable<ConnectionReport> {
    for (const { connection, info, channels } of this.#clients.values()) {
      const { id, socketId, transport, wireProtocol } = info;
      const { state, ageMs, traffic, bufferedAmount } = connection;
      const { topics } = channels;
      yield { id, socketId, transport, wireProtocol, state, ageMs, traffic, bufferedAmount, topics };
    }
  }
}

function addTraffic(sum: TrafficSum, traffic: Traffic): void {
  sum.framesIn += traffic.framesIn;
  sum.framesOut += traffic.framesOut;
  sum.bytesIn += traffic.bytesIn;
  sum.bytesOut += traffic.bytesOut;
}
