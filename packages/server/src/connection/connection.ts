import {
  type ClientMessage,
  CLOSE_CODES,
  type CloseName,
  type Frame,
  ProtocolError,
  type ServerMessage,
  type WireProtocol,
} from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import { EncodedFrame } from "../encoded-frame.ts";
import type { ConnectionRates } from "../limits/connection-rates.ts";
import { TokenBucket } from "../limits/token-bucket.ts";
import type { ConnectionLimits } from "../options.ts";
import type { FrameTrace, Telemetry, Traffic } from "../telemetry.ts";
import type { Transport, TransportReceiver } from "../transport/transport.ts";
import { OutboundQueue } from "./outbound-queue.ts";
import type { Flushable, WriteCycle } from "./write-cycle.ts";

/** What a transport reports when the client is gone without a close (RFC 6455, section 7.1.5). */
const LINK_BROKE = 1006;

/** Where a connection stands; it never goes back. */
export type ConnectionState = "opening" | "open" | "closing" | "closed";

/** What becomes of connections and their messages. */
export interface ConnectionOwner {
  /** A message arrived. Messages of a connection come in the order in which the client sent them. */
  message(connection: Connection, message: ClientMessage): void;
  /** A message arrived faster than allowed; it is to be answered by `rate_limited`, and not looked at. */
  limited(connection: Connection, message: ClientMessage, retryAfterMs: number): void;
  /** Recoverable frames were left out, because the client reads too slowly. They come in the order in which they were sent. */
  overtaken(connection: Connection, frames: readonly EncodedFrame[]): void;
  /** The connection is closed; nothing more comes of it. */
  closed(connection: Connection): void;
}

/** What all connections of a mount share. */
export interface ConnectionSettings {
  readonly owner: ConnectionOwner;
  readonly limits: Required<ConnectionLimits>;
  readonly rates: ConnectionRates;
  readonly cycle: WriteCycle;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * One live client link. It turns frames into messages and back, keeps the order
 * of what is sent, and closes by name. It knows no topics.
 */
export class Connection implements TransportReceiver, Flushable {
  /** Unique on this node. */
  readonly id: string;
  readonly wireProtocol: WireProtocol;
  /** Sees every frame of this connection as long as it is set. */
  trace: FrameTrace | undefined = undefined;
  readonly #transport: Transport;
  readonly #settings: ConnectionSettings;
  readonly #queue: OutboundQueue;
  readonly #openedAtMs: number;
  #framesIn = 0;
  #framesOut = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #state: ConnectionState = "opening";
  #heardAtMs: number;
  #malformedFrames = 0;
  #controlFrames = 0;
  #closeName: CloseName | undefined = undefined;
  #waiters: (() => void)[] | undefined = undefined;
  #closeCode = 0;
  readonly #frameBucket: TokenBucket;
  /** Made when the first message comes too fast. */
  #refusalBucket: TokenBucket | undefined = undefined;
  /** When the queue began to hold frames back, or last made progress since. */
  #heldSinceMs = 0;

  constructor(id: string, transport: Transport, wireProtocol: WireProtocol, settings: ConnectionSettings) {
    this.id = id;
    this.wireProtocol = wireProtocol;
    this.#transport = transport;
    this.#settings = settings;
    this.#queue = new OutboundQueue(transport);
    this.#openedAtMs = settings.clock.now();
    this.#heardAtMs = this.#openedAtMs;
    this.#frameBucket = new TokenBucket(settings.rates.frames, this.#openedAtMs);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The limits of this connection's mount. */
  get limits(): Required<ConnectionLimits> {
    return this.#settings.limits;
  }

  /** The rates of this connection's mount. */
  get rates(): ConnectionRates {
    return this.#settings.rates;
  }

  /** The kind of link, for example `"websocket"`. */
  get transportName(): string {
    return this.#transport.name;
  }

  /** Bytes sent that the client has not been given yet. */
  get bufferedAmount(): number {
    return this.#queue.bufferedAmount;
  }

  /** Time since the connection was made. */
  get ageMs(): number {
    return this.#settings.clock.now() - this.#openedAtMs;
  }

  /** Once closed, whether the client said no good-bye and is not told to stay away: it is then expected back. */
  get isLost(): boolean {
    if (this.#closeName !== undefined) return CLOSE_CODES[this.#closeName].reconnect;
    return this.#closeCode === LINK_BROKE;
  }

  /** What went over the link so far. */
  get traffic(): Traffic {
    return {
      framesIn: this.#framesIn,
      framesOut: this.#framesOut,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
    };
  }

  /** Greets, where the grammar does, and begins to read. Frames that came early are read now, in order. */
  open(): void {
    if (this.#state !== "opening") throw new TypeError("a connection is opened once");
    this.#state = "open";
    if (this.wireProtocol.traits.greets) this.send({ kind: "welcome", sid: crypto.randomUUID() });
    for (const message of this.wireProtocol.opening ?? []) this.#settings.owner.message(this, message);
    this.#transport.start(this);
  }

  /**
   * Sends a message after everything sent before. A message that the grammar has no
   * frame for is dropped; so is everything once the connection is closing.
   *
   * @throws {ProtocolError} or `TypeError` when the message cannot be encoded.
   */
  send(message: ServerMessage): void {
    if (this.#state !== "open") return;
    const frame = this.wireProtocol.encode(message);
    if (frame !== undefined) this.sendFrame(new EncodedFrame(frame));
  }

  /** Sends a frame that this connection's wire protocol encoded, after everything sent before. */
  sendFrame(frame: EncodedFrame): void {
    if (this.#state !== "open") return;
    const { cycle, limits } = this.#settings;
    this.#countOut(frame.frame);
    if (this.#queue.push(frame, cycle.root)) cycle.schedule(this);
    if (this.#queue.tickSize > limits.maxQueuedBytes) this.close("slow_consumer");
  }

  /** Whether little waits for the client. */
  get hasRoom(): boolean {
    return this.#queue.bufferedAmount <= this.#settings.limits.resumeQueuedBytes;
  }

  /** Resolves when little waits for the client, or it is gone. */
  drained(): Promise<void> {
    if (this.#state !== "open" || this.hasRoom) return Promise.resolve();
    return new Promise((resolve) => (this.#waiters ??= []).push(resolve));
  }

  flush(): void {
    if (this.#state !== "open") return;
    const { clock, limits, owner, telemetry } = this.#settings;
    const wasHeld = this.#queue.isHeld;
    const { liveCount, recoverable } = this.#queue.flush(limits);
    if (this.#queue.isHeld && !wasHeld) this.#heldSinceMs = clock.now();
    if (this.#queue.bufferedAmount > limits.maxQueuedBytes) return this.close("slow_consumer");
    if (liveCount > 0) telemetry({ kind: "live_frames_dropped", connectionId: this.id, count: liveCount });
    if (recoverable.length > 0) {
      telemetry({ kind: "connection_lagging", connectionId: this.id, count: recoverable.length });
      owner.overtaken(this, recoverable);
    }
    this.#releaseWaiters();
  }

  writable(): void {
    this.#heldSinceMs = this.#settings.clock.now();
    this.flush();
  }

  /** Says good-bye in the words of the grammar, after everything sent before. Later calls do nothing. */
  close(name: CloseName): void {
    if (this.#state !== "open") return;
    const farewell = this.wireProtocol.farewell(name);
    if (farewell.frame !== undefined) {
      this.#countOut(farewell.frame);
      this.#queue.push(new EncodedFrame(farewell.frame), this.#settings.cycle.root);
    }
    this.#closeName = name;
    this.#state = "closing";
    this.#queue.flushAll();
    this.#transport.close(farewell.code, farewell.reason);
  }

  /** Drops the link without a handshake. */
  terminate(): void {
    if (this.#state !== "closed") this.#transport.terminate();
  }

  /**
   * Closes a client that has been silent too long or floods control frames. A client
   * of a grammar whose server greets and pings may be silent by design, so its link is
   * asked for a sign of life. `ping` is the grammar's own frame for that, where it has one.
   */
  checkHeartbeat(ping: EncodedFrame | undefined): void {
    if (this.#state !== "open") return;
    const { clock, limits } = this.#settings;
    const silentMs = clock.now() - this.#heardAtMs;
    const isSilent = silentMs >= limits.idleTimeoutMs && !this.#transport.noticesSilence;
    if (isSilent) return this.close("heartbeat_timeout");
    this.#controlFrames = 0;
    if (this.#queue.isHeld && clock.now() - this.#heldSinceMs >= limits.stallTimeoutMs)
      return this.close("slow_consumer");
    if (!this.wireProtocol.traits.greets) return;
    if (ping !== undefined) this.sendFrame(ping);
    if (silentMs >= limits.idleTimeoutMs / 3) this.#transport.ping();
  }

  frame(frame: Frame): void {
    if (this.#state !== "open") return;
    this.alive();
    this.#framesIn++;
    this.#bytesIn += frame.length;
    if (this.trace !== undefined) this.trace("in", frame);
    const waitMs = this.#frameBucket.take(this.#heardAtMs);
    const message = this.#decode(frame);
    if (message === undefined) return;
    if (waitMs > 0) return this.refuse(message, waitMs);
    if (message.kind === "pong") return;
    if (message.kind === "heartbeat") this.send({ kind: "heartbeat_reply", ref: message.ref });
    else this.#settings.owner.message(this, message);
  }

  /** A message came too fast: it is answered so. A client that goes on and on is closed. */
  refuse(message: ClientMessage, retryAfterMs: number): void {
    this.#settings.owner.limited(this, message, retryAfterMs);
    const { clock, rates } = this.#settings;
    this.#refusalBucket ??= new TokenBucket(rates.refusals, clock.now());
    if (this.#refusalBucket.take(clock.now()) > 0) this.close("rate_limited");
  }

  malformed(message: string): void {
    this.#settings.telemetry({ kind: "malformed_frame", connectionId: this.id, message });
  }

  alive(): void {
    this.#heardAtMs = this.#settings.clock.now();
  }

  controlFrame(): void {
    this.alive();
    this.#controlFrames++;
    if (this.#controlFrames > this.#settings.limits.maxControlFrames) this.close("policy_violation");
  }

  closed(code: number): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#closeCode = code;
    const { clock, telemetry, owner } = this.#settings;
    const durationMs = clock.now() - this.#openedAtMs;
    telemetry({ kind: "connection_closed", connectionId: this.id, code, close: this.#closeName, durationMs });
    this.#releaseWaiters();
    owner.closed(this);
  }

  #countOut(frame: Frame): void {
    this.#framesOut++;
    this.#bytesOut += frame.length;
    if (this.trace !== undefined) this.trace("out", frame);
  }

  #releaseWaiters(): void {
    const waiters = this.#waiters;
    if (waiters === undefined || (this.#state === "open" && !this.hasRoom)) return;
    this.#waiters = undefined;
    for (const resolve of waiters) resolve();
  }

  #decode(frame: Frame): ClientMessage | undefined {
    try {
      return this.wireProtocol.decode(frame);
    } catch (error) {
      if (error instanceof ProtocolError) this.#tolerate(error);
      else this.#failedToRead(error);
      return undefined;
    }
  }

  #tolerate(error: ProtocolError): void {
    this.malformed(error.message);
    this.#malformedFrames++;
    if (this.wireProtocol.traits.malformedFrame === "closes") this.close(error.close);
    else if (this.#malformedFrames > this.#settings.limits.maxMalformedFrames) this.close("policy_violation");
  }

  /** The wire protocol of an application failed, as a handler may: its client is closed, not the process. */
  #failedToRead(cause: unknown): void {
    const message = "the wire protocol failed to read a frame";
    this.#settings.telemetry({ kind: "malformed_frame", connectionId: this.id, message, cause });
    this.close("internal");
  }
}
