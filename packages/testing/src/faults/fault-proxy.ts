import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { FaultAction, FaultEvent, FaultRule, ProxyTraffic } from "./fault-rule.ts";
import { ProxiedConnection } from "./proxied-connection.ts";
import { SeededRandom } from "./seeded-random.ts";

/** Options of {@link startFaultProxy}. */
export interface FaultProxyOptions {
  /** Port of the server, on this machine. */
  readonly targetPort: number;
  /** In order; every rule that matches acts. @defaultValue none */
  readonly rules?: readonly FaultRule[];
  /** Decides where rules leave it to chance. @defaultValue 1 */
  readonly seed?: number;
}

interface ActiveRule extends FaultRule {
  left: number;
}

/** Started by {@link startFaultProxy}: stands in front of a TCP server of this machine and breaks connections as it is told. */
export class FaultProxy implements AsyncDisposable {
  /** Everything that was done, in order. */
  readonly events: FaultEvent[] = [];
  /** Where new connections go to; may be changed. */
  targetPort: number;
  readonly #listener: Server;
  readonly #random: SeededRandom;
  readonly #rules = new Set<ActiveRule>();
  readonly #connections = new Map<number, ProxiedConnection>();
  readonly #startedAtMs = performance.now();
  #connectionCount = 0;
  #closing: Promise<void> | undefined;

  constructor(server: Server, options: FaultProxyOptions) {
    this.#listener = server;
    this.targetPort = options.targetPort;
    this.#random = new SeededRandom(options.seed ?? 1);
    for (const rule of options.rules ?? []) this.add(rule);
    server.on("connection", (client) => this.#connected(client));
  }

  /** The port that clients connect to. */
  get port(): number {
    // A server that listens on TCP has an address object.
    return (this.#listener.address() as AddressInfo).port;
  }

  /** The connections that are up, the oldest first. */
  get connections(): readonly ProxiedConnection[] {
    return [...this.#connections.values()];
  }

  /** Adds a rule behind the others; the returned function removes it. */
  add(rule: FaultRule): () => void {
    const active = { ...rule, left: rule.times ?? Infinity };
    this.#rules.add(active);
    return () => void this.#rules.delete(active);
  }

  /** Does something to one connection now, or to all. */
  apply(action: FaultAction, connection?: ProxiedConnection): void {
    for (const one of connection === undefined ? this.connections : [connection]) {
      this.#note(one.number, action.kind);
      one.apply(action);
    }
  }

  /** Tears every connection and stops listening. Resolves when both are done. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  /** As {@link FaultProxy.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const closed = once(this.#listener, "close");
    this.#listener.close();
    this.apply({ kind: "cut", how: "rst" });
    await closed;
  }

  #connected(client: Socket): void {
    const number = ++this.#connectionCount;
    this.#note(number, "opened");
    const actions = this.#actionsFor({ kind: "connect", connection: number });
    if (actions.some(({ kind }) => kind === "refuse")) {
      client.on("error", () => {}); // the client may be gone by now
      client.resetAndDestroy();
      return;
    }
    const server = connect(this.targetPort, "127.0.0.1");
    const connection = new ProxiedConnection(
      number,
      { client, server },
      {
        actionsFor: (one, direction, bytes, seenBytes) =>
          this.#actionsFor({ kind: "bytes", connection: one.number, direction, bytes, seenBytes }),
        closed: () => {
          this.#connections.delete(number);
          this.#note(number, "closed");
        },
      },
    );
    this.#connections.set(number, connection);
    for (const action of actions) connection.apply(action);
    void connection.run();
  }

  #actionsFor(traffic: ProxyTraffic): readonly FaultAction[] {
    const actions: FaultAction[] = [];
    for (const rule of this.#rules) {
      if (!rule.match(traffic) || !this.#random.chance(rule.probability ?? 1)) continue;
      rule.left--;
      if (rule.left <= 0) this.#rules.delete(rule);
      this.#note(traffic.connection, rule.action.kind);
      actions.push(rule.action);
    }
    return actions;
  }

  #note(connection: number, kind: FaultEvent["kind"]): void {
    this.events.push({ connection, kind, atMs: performance.now() - this.#startedAtMs });
  }
}

/**
 * Starts a proxy on a free port of this machine.
 *
 * @example
 * await using proxy = await startFaultProxy({ targetPort: server.port });
 * proxy.add({ match: ({ kind }) => kind === "connect", action: { kind: "refuse" }, times: 2 });
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  // A client that closes its side may still be sent to.
  const server = createServer({ allowHalfOpen: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return new FaultProxy(server, options);
}
