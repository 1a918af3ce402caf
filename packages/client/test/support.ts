import type { Clock } from "../src/clock.ts";
import type { Page } from "../src/link/page.ts";
import { DEFAULT_SOCKET_OPTIONS } from "../src/options.ts";
import { DEFAULT_RECONNECT } from "../src/reconnect.ts";
import { Socket, type SocketSetup } from "../src/socket.ts";
import type { Transport, TransportFactory, TransportHandlers, TransportRequest } from "../src/transports/transport.ts";

/** A clock that stands still until it is told to go on. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Set<{ at: number; readonly everyMs: number | undefined; readonly run: () => void }>();

  get timerCount(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    return this.#add(ms, undefined, run);
  }

  every(ms: number, run: () => void): () => void {
    return this.#add(ms, ms, run);
  }

  soon(run: () => void): void {
    queueMicrotask(run);
  }

  /** Runs what falls due within `ms` milliseconds, in order, and lets promises settle in between. */
  async advance(ms: number): Promise<void> {
    await turn();
    const end = this.#now + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#now = next.at;
      if (next.everyMs === undefined) this.#timers.delete(next);
      else next.at += next.everyMs;
      next.run();
      await turn();
    }
    this.#now = end;
    await turn();
  }

  #add(ms: number, everyMs: number | undefined, run: () => void): () => void {
    const timer = { at: this.#now + ms, everyMs, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }
}

/** Lets every promise settle that only waits for other promises. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The server's end of one transport. */
export class ScriptedConnection implements Transport {
  readonly needsHeartbeat = true;
  readonly request: TransportRequest;
  /** Every frame of the client, as JSON. */
  readonly received: unknown[][] = [];
  /** What the client closed with. */
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  /** Whether the client's close is answered at once. */
  answersClose = true;
  #isGone = false;
  readonly #handlers: TransportHandlers;

  constructor(request: TransportRequest, handlers: TransportHandlers) {
    this.request = request;
    this.#handlers = handlers;
  }

  send(frame: string | Uint8Array): void {
    if (typeof frame !== "string") throw new TypeError("the script reads text only");
    this.received.push(JSON.parse(frame));
  }

  close(code: number, reason: string): void {
    if (this.closedWith !== undefined) return;
    this.closedWith = { code, reason };
    if (this.answersClose) queueMicrotask(() => this.end(code, reason));
  }

  accept(): void {
    this.#handlers.opened();
  }

  push(...elements: unknown[]): void {
    this.#handlers.received(JSON.stringify(elements));
  }

  pushRaw(frame: string): void {
    this.#handlers.received(frame);
  }

  end(code = 1006, reason = ""): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#handlers.closed({ code, reason });
  }

  /** Answers the latest frame with this event. */
  reply(event: string, status = "ok", response: unknown = {}): void {
    const frame = this.received.findLast((elements) => elements[3] === event);
    if (frame === undefined) throw new Error(`no ${event} was received`);
    this.push(frame[0], frame[1], frame[2], "phx_reply", { status, response });
  }
}

/** A server that does what the test says. */
export class ScriptedServer implements TransportFactory {
  readonly name: string;
  readonly connections: ScriptedConnection[] = [];
  /** Whether connections are accepted by themselves. */
  accepts = true;
  /** Whether making a transport throws. */
  throws = false;

  constructor(name = "scripted") {
    this.name = name;
  }

  get latest(): ScriptedConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error("nobody connected");
    return connection;
  }

  open(request: TransportRequest, handlers: TransportHandlers): Transport {
    if (this.throws) throw new Error("not allowed here");
    const connection = new ScriptedConnection(request, handlers);
    this.connections.push(connection);
    if (this.accepts) queueMicrotask(() => connection.accept());
    return connection;
  }
}

/** A page whose network and visibility the test decides. */
export class ScriptedPage implements Page {
  online = true;
  visible = true;
  readonly watchers = new Set<() => void>();

  isOnline(): boolean {
    return this.online;
  }

  isVisible(): boolean {
    return this.visible;
  }

  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => void this.watchers.delete(changed);
  }

  change(to: { readonly online?: boolean; readonly visible?: boolean }): void {
    this.online = to.online ?? this.online;
    this.visible = to.visible ?? this.visible;
    for (const watcher of this.watchers) watcher();
  }
}

/** A socket in a world that the test controls. Waits are the longest that chance allows. */
export function createWorld(setup: Partial<SocketSetup> = {}): {
  readonly clock: FakeClock;
  readonly page: ScriptedPage;
  readonly server: ScriptedServer;
  readonly socket: Socket;
} {
  const clock = new FakeClock();
  const page = new ScriptedPage();
  const server = new ScriptedServer();
  const socket = new Socket({
    ...DEFAULT_SOCKET_OPTIONS,
    reconnect: DEFAULT_RECONNECT,
    clock,
    page,
    random: () => 0.999_999,
    transports: [server],
    ...setup,
  });
  return { clock, page, server, socket };
}

/** The promise's error; fails the test when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise resolved");
}
