import type { TracedFrame, TraceEnd } from "@hutong/chat-api";
import type { Frame } from "@hutong/protocol";
import type { Clock } from "@hutong/server/plugin";
import { readFrame } from "./read-frame.ts";

/** Frames that wait for the page; the oldest make room for newer ones. */
export const MAX_TRACED_FRAMES = 1_000;
/** Size of the frames that wait, in bytes; the newest one waits whatever its size. */
const MAX_TRACED_BYTES = 8 * 1_048_576;
/** Time after which a trace ends by itself, in milliseconds. */
export const MAX_TRACE_MS = 300_000;

interface HeldFrame {
  readonly number: number;
  readonly offsetMs: number;
  readonly direction: "in" | "out";
  readonly frame: Frame;
}

/**
 * The frames of one connection on their way to one page. Taking a frame keeps a
 * reference; it is read when the page fetches it, away from the connection's work.
 */
export class Trace {
  readonly #clock: Clock;
  readonly #wireProtocol: string;
  readonly #startedAtMs: number;
  readonly #cancel: () => void;
  #held: HeldFrame[] = [];
  #heldBytes = 0;
  #count = 0;
  #end: TraceEnd | undefined;
  #wake: (() => void) | undefined;

  constructor(clock: Clock, wireProtocol: string) {
    this.#clock = clock;
    this.#wireProtocol = wireProtocol;
    this.#startedAtMs = clock.now();
    this.#cancel = clock.after(MAX_TRACE_MS, () => this.end("time"));
  }

  /** Takes a frame. */
  add(direction: "in" | "out", frame: Frame): void {
    if (this.#end !== undefined) return;
    this.#count++;
    this.#held.push({ number: this.#count, offsetMs: this.#clock.now() - this.#startedAtMs, direction, frame });
    this.#heldBytes += frame.length;
    while (this.#held.length > MAX_TRACED_FRAMES || (this.#heldBytes > MAX_TRACED_BYTES && this.#held.length > 1))
      this.#heldBytes -= this.#held.shift()?.frame.length ?? 0;
    this.#wake?.();
  }

  /** Ends the trace; frames that wait are still given. Later calls do nothing. */
  end(why: TraceEnd): void {
    if (this.#end !== undefined) return;
    this.#end = why;
    this.#cancel();
    this.#wake?.();
  }

  /** Waits for frames and gives all that are there; why the trace ended when none are left. */
  async next(): Promise<readonly TracedFrame[] | TraceEnd> {
    if (this.#held.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    if (held.length === 0) return this.#end ?? [];
    return held.map(({ frame, ...rest }) => ({
      ...rest,
      size: frame.length,
      ...readFrame(frame, rest.direction, this.#wireProtocol),
    }));
  }
}
