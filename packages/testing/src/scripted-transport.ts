import type { Frame } from "@hutong/protocol";
import type { FrameBatch, Transport, TransportReceiver } from "@hutong/server/plugin";

/** A close as one end saw it. */
export interface ObservedClose {
  /** WebSocket close code; 1006 where the link broke. */
  readonly code: number;
  /** The reason as it was sent, empty where there was none. */
  readonly reason: string;
}

/** Options of {@link ScriptedTransport}. */
export interface ScriptedTransportOptions {
  /** Whether the client answers a close at once; if not, the test calls {@link ScriptedTransport.end}. @defaultValue true */
  readonly answersClose?: boolean;
  /** Whether the transport says that it notices by itself when its client is gone. @defaultValue false */
  readonly noticesSilence?: boolean;
}

/**
 * A transport whose client is the test: it records what the server sends, and does only what it is told. A
 * stalled client reads nothing: what is sent to it counts in `bufferedAmount`.
 */
export class ScriptedTransport implements Transport {
  readonly name = "scripted";
  readonly noticesSilence: boolean;
  /** Batches in the order in which they were handed over. */
  readonly batches: FrameBatch[] = [];
  /** Frames that the client has been given, in order. */
  readonly sent: Frame[] = [];
  /** Bytes that are reported as waiting, besides what waits for a stalled client. */
  extraBufferedAmount = 0;
  /** How often the server asked for a sign of life. */
  pingCount = 0;
  /** What the server closed with. */
  closedWith: ObservedClose | undefined;
  /** Whether the server dropped the link. */
  isTerminated = false;
  readonly #answersClose: boolean;
  #receiver: TransportReceiver | undefined;
  #early: Frame[] = [];
  #held: Frame[] | undefined;
  #isGone = false;

  constructor(options: ScriptedTransportOptions = {}) {
    this.#answersClose = options.answersClose ?? true;
    this.noticesSilence = options.noticesSilence ?? false;
  }

  get bufferedAmount(): number {
    const heldBytes = (this.#held ?? []).reduce((sum, frame) => sum + frame.length, 0);
    return this.extraBufferedAmount + heldBytes;
  }

  start(receiver: TransportReceiver): void {
    if (this.#receiver !== undefined) throw new TypeError("the transport was started already");
    this.#receiver = receiver;
    for (const frame of this.#early.splice(0)) receiver.frame(frame);
  }

  send(batch: FrameBatch): void {
    if (this.#isGone || this.closedWith !== undefined) return;
    this.batches.push(batch);
    for (const { frame } of batch.frames()) (this.#held ?? this.sent).push(frame);
  }

  ping(): void {
    this.pingCount++;
  }

  close(code: number, reason: string): void {
    if (this.#isGone || this.closedWith !== undefined) return;
    this.closedWith = { code, reason };
    if (this.#answersClose) this.end(code, reason);
  }

  terminate(): void {
    this.isTerminated = true;
    this.end(1006, "");
  }

  /** Sends a frame as the client; one that is sent before `start` is kept until then. */
  receive(frame: Frame): void {
    if (this.#isGone) return;
    if (this.#receiver === undefined) this.#early.push(frame);
    else this.#receiver.frame(frame);
  }

  /** Sends, as the client, what the transport cannot read as frames. */
  malformed(message: string): void {
    this.#receiver?.malformed(message);
  }

  /** Shows a sign of life other than a frame. */
  alive(): void {
    this.#receiver?.alive();
  }

  /** Sends a control frame as the client. */
  controlFrame(): void {
    this.#receiver?.controlFrame();
  }

  /** Ends the link from the client's side; later calls do nothing. */
  end(code = 1006, reason = ""): void {
    if (this.#isGone) return;
    this.#giveHeld();
    this.#isGone = true;
    this.#receiver?.closed(code, reason);
  }

  /** The client reads no more. */
  stall(): void {
    this.#held ??= [];
  }

  /** The client reads again, first what waits; the server hears that there is room. */
  resume(): void {
    if (this.#held === undefined) return;
    this.#giveHeld();
    this.#receiver?.writable();
  }

  #giveHeld(): void {
    this.sent.push(...(this.#held ?? []));
    this.#held = undefined;
  }
}
