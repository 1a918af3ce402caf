import { type StreamPosition, type StreamStamp, writePosition, writeStamp } from "@hutong/protocol";
import type { Transport, TransportFactory, TransportHandlers, TransportRequest } from "../src/transports/transport.ts";

interface Logged {
  readonly stamp: StreamStamp;
  readonly body: string;
}

/** What becomes of the next broadcast on its way to the client. */
export type Fault = "lost" | "twice" | "late";

/** A server with one topic, whose broadcasts it keeps, and which handles each push id once. */
export class LogServer implements TransportFactory {
  readonly name = "log";
  /** Every body ever published, whatever became of the history: what a database would hold. */
  readonly published: string[] = [];
  /** The bodies that pushes brought, in the order in which they were handled. */
  readonly handled: string[] = [];
  /** The elements of every join that came. */
  readonly joins: unknown[][] = [];
  /** Applied to broadcasts, one each, first to last. */
  readonly faults: Fault[] = [];
  /** Whether answers to pushes get lost together with the link. */
  cutsBeforeAnswer = false;
  #log: Logged[] = [];
  #top: StreamPosition = { epoch: "e1", offset: 0, id: "" };
  #connection: LogConnection | undefined;
  #epochs = 1;
  readonly #answers = new Map<string, unknown>();

  /** The newest position. */
  get top(): StreamPosition {
    return this.#top;
  }

  open(_request: TransportRequest, handlers: TransportHandlers): Transport {
    const connection = new LogConnection(this, handlers);
    this.#connection = connection;
    queueMicrotask(() => connection.opened());
    return connection;
  }

  publish(body: string): void {
    const { epoch, offset } = this.#top;
    const stamp = { epoch, offset: offset + 1, id: `id-${epoch}-${offset + 1}`, prev: offset };
    this.published.push(body);
    this.#log.push({ stamp, body });
    this.#top = { epoch, offset: stamp.offset, id: stamp.id };
    this.#connection?.broadcast({ stamp, body }, this.faults.shift());
  }

  /** Breaks the link. */
  cut(): void {
    this.#connection?.end();
  }

  /** Forgets what it kept for those who come back. */
  trim(): void {
    this.#log = [];
  }

  /** Breaks the link and begins a new history. */
  restart(): void {
    this.cut();
    this.trim();
    this.#epochs += 1;
    this.#top = { epoch: `e${this.#epochs}`, offset: 0, id: "" };
  }

  /** What a join with this position is told and given. */
  recover(position: unknown): { readonly report: unknown; readonly missed: readonly Logged[] } {
    const [epoch, offset, id] = Array.isArray(position) ? position : [];
    const answer = (recovered: boolean, reason: string, at: StreamPosition, missed: readonly Logged[] = []) => ({
      report: [recovered, reason, writePosition(at)],
      missed,
    });
    if (position === undefined) return answer(false, "fresh", this.#top);
    if (epoch !== this.#top.epoch) return answer(false, "epoch", this.#top);
    if (offset > this.#top.offset) return answer(false, "ahead", this.#top);
    const missed = this.#log.filter(({ stamp }) => stamp.offset > offset);
    if (offset < this.#top.offset && missed[0]?.stamp.prev !== offset) return answer(false, "trimmed", this.#top);
    return answer(true, "ok", { epoch, offset, id }, missed);
  }

  /** Handles a push, or gives the answer of the first time. */
  handle(id: unknown, body: string): unknown {
    const known = typeof id === "string" ? this.#answers.get(id) : undefined;
    if (known !== undefined) return known;
    this.handled.push(body);
    const answer = { count: this.handled.length };
    if (typeof id === "string") this.#answers.set(id, answer);
    return answer;
  }
}

class LogConnection implements Transport {
  readonly needsHeartbeat = false;
  readonly #server: LogServer;
  readonly #handlers: TransportHandlers;
  #joinRef: unknown;
  #topic = "";
  #late: string | undefined;
  #isOpen = false;

  constructor(server: LogServer, handlers: TransportHandlers) {
    this.#server = server;
    this.#handlers = handlers;
  }

  opened(): void {
    this.#isOpen = true;
    this.#handlers.opened();
  }

  send(frame: string | Uint8Array): void {
    const elements: unknown = JSON.parse(String(frame));
    // The network takes its time: what is cut before that never arrives.
    if (Array.isArray(elements)) setImmediate(() => this.#isOpen && this.#receive(elements));
  }

  close(): void {
    this.end(1000);
  }

  end(code = 1006): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#handlers.closed({ code, reason: "" });
  }

  broadcast({ stamp, body }: Logged, fault?: Fault): void {
    if (this.#joinRef === undefined) return;
    const frame = JSON.stringify([null, null, this.#topic, "said", { body }, writeStamp(stamp)]);
    if (fault === "lost") return;
    if (fault === "late") this.#late = frame;
    else this.#give(frame);
    if (fault === "twice") this.#give(frame);
    if (fault === undefined && this.#late !== undefined) {
      this.#give(this.#late);
      this.#late = undefined;
    }
  }

  #receive(elements: unknown[]): void {
    const [joinRef, ref, topic, event, payload, extension] = elements;
    if (event === "phx_join") {
      const { report, missed } = this.#server.recover(extension);
      this.#server.joins.push(elements);
      this.#joinRef = joinRef;
      this.#topic = String(topic);
      this.#give(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response: {} }, report]));
      for (const logged of missed) this.broadcast(logged);
    } else if (event === "say" && joinRef === this.#joinRef) {
      const { body } = payload as { body: string }; // what the tests push
      const response = this.#server.handle(extension, body);
      if (this.#server.cutsBeforeAnswer) {
        this.#server.cutsBeforeAnswer = false;
        return this.end();
      }
      this.#give(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response }]));
    }
  }

  #give(frame: string): void {
    if (this.#isOpen) this.#handlers.received(frame);
  }
}
