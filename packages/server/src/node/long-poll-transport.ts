import type { Frame } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import type { FrameBatch } from "../transport/frame-batch.ts";
import type { Transport, TransportReceiver } from "../transport/transport.ts";

/** What a poll is answered with (LP: the status travels in the body). */
export interface PollAnswer {
  /** 200 with messages, 204 when the window ended without one, 410 when the session is gone. */
  readonly status: 200 | 204 | 410;
  /** Text frames, in order. */
  readonly messages: readonly string[];
  /** With 410, the close code and reason of a session that the server ended. Phoenix clients pass by it. */
  readonly code?: number;
  /** With 410, for people. */
  readonly reason?: string;
}

const NOTHING: PollAnswer = { status: 204, messages: [] };

/**
 * Carries frames over a series of polls. Frames wait here until a poll takes them;
 * a session that nobody polls for one and a half windows ends.
 */
export class LongPollTransport implements Transport {
  readonly name = "longpoll";
  readonly noticesSilence = true;
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #onClosed: () => void;
  #receiver: TransportReceiver | undefined;
  #early: Frame[] = [];
  #waiting: string[] = [];
  #waitingLength = 0;
  #parked: ((answer: PollAnswer) => void) | undefined;
  #cancelWindow: (() => void) | undefined;
  #cancelDeath: (() => void) | undefined;
  #state: "open" | "closing" | "closed" = "open";
  #farewell = { code: 1006, reason: "" };

  /** `onClosed` is called once, when the session is gone. */
  constructor(clock: Clock, windowMs: number, onClosed: () => void) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#onClosed = onClosed;
  }

  get bufferedAmount(): number {
    return this.#waitingLength;
  }

  /** Whether the session has ended. */
  get isGone(): boolean {
    return this.#state === "closed";
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.#awaitPoll();
    for (const frame of this.#early.splice(0)) receiver.frame(frame);
  }

  /** Takes a frame of the client. `false` when the session is closing or gone. */
  receive(frame: Frame): boolean {
    if (this.#state !== "open") return false;
    if (this.#receiver === undefined) this.#early.push(frame);
    else this.#receiver.frame(frame);
    return true;
  }

  /** Reports something that could not be read as frames. */
  reportMalformed(message: string): void {
    this.#receiver?.malformed(message);
  }

  /**
   * Answers with what waits, or parks until something does or the window ends. A newer poll ends an older
   * one. An aborted poll takes nothing with it.
   */
  poll(signal: AbortSignal): Promise<PollAnswer> {
    this.#receiver?.alive();
    this.#answer(NOTHING);
    if (signal.aborted) return Promise.resolve(NOTHING);
    if (this.#state === "closing" && this.#waiting.length === 0) this.#end();
    if (this.isGone) return Promise.resolve(this.#gone());
    return new Promise((resolve) => {
      this.#cancelDeath?.();
      this.#parked = resolve;
      this.#cancelWindow = this.#clock.after(this.#windowMs, () => this.#answer(NOTHING));
      signal.addEventListener("abort", () => {
        if (this.#parked === resolve) this.#answer(NOTHING);
      });
      this.#deliver();
    });
  }

  send(batch: FrameBatch): void {
    if (this.#state !== "open") return;
    for (const { frame } of batch.frames()) {
      // A poll's body is JSON: it has no place for bytes.
      if (typeof frame !== "string") continue;
      this.#waiting.push(frame);
      this.#waitingLength += frame.length;
    }
    this.#deliver();
  }

  ping(): void {}

  close(code: number, reason: string): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.#farewell = { code, reason };
    // The connection is closed now. What waits still goes with the next poll, and the farewell with the one after it; if
    // none comes, the session ends by itself.
    if (this.#parked !== undefined) this.#end();
    this.#receiver?.closed(code, reason);
  }

  terminate(): void {
    this.close(1006, "");
    this.#end();
  }

  #deliver(): void {
    if (this.#parked === undefined || this.#waiting.length === 0) return;
    const messages = this.#waiting;
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#answer({ status: 200, messages });
    if (this.#state === "open") this.#receiver?.writable();
  }

  #answer(answer: PollAnswer): void {
    const parked = this.#parked;
    if (parked === undefined) return;
    this.#parked = undefined;
    this.#cancelWindow?.();
    if (this.#state !== "closed") this.#awaitPoll();
    parked(answer);
  }

  #gone(): PollAnswer {
    return { status: 410, messages: [], ...this.#farewell };
  }

  #awaitPoll(): void {
    this.#cancelDeath?.();
    this.#cancelDeath = this.#clock.after(this.#windowMs * 1.5, () => {
      this.close(1001, "inactive");
      this.#end();
    });
  }

  #end(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#cancelDeath?.();
    this.#answer(this.#gone());
    this.#onClosed();
  }
}
