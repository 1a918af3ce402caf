import type { EncodedFrame } from "../encoded-frame.ts";
import { FrameBatch } from "../transport/frame-batch.ts";
import type { Transport } from "../transport/transport.ts";

/** How many bytes may wait for one client before something is left out. */
export interface QueueLevels {
  /** Below it the client has room: what was held back is written, and who waited for room goes on. */
  readonly resumeQueuedBytes: number;
  /** Above it of the live frames with one key only the newest is kept. */
  readonly softQueuedBytes: number;
  /** Above it recoverable frames are left out, to be given from history later. */
  readonly lagQueuedBytes: number;
}

/** What a flush left out. */
export interface LeftOut {
  /** Number of live frames, which are gone. */
  readonly liveCount: number;
  /** Recoverable frames, in order, whose topics have to be given from history. */
  readonly recoverable: readonly EncodedFrame[];
}

const NOTHING: LeftOut = { liveCount: 0, recoverable: [] };

/**
 * The frames that wait for one client, in the order in which they were sent. As
 * long as the client reads, what a tick appends leaves at its end as one batch.
 * When it does not, frames are held back here, where they can still be left out, instead of in the socket, where they
 * cannot.
 */
export class OutboundQueue {
  readonly #transport: Transport;
  #batch: FrameBatch | undefined = undefined;
  /** Frames of earlier ticks that the transport has no room for; `undefined` while it has. */
  #held: EncodedFrame[] | undefined = undefined;
  #heldSize = 0;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Whether frames are held back because the client does not read. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }

  /** Bytes that wait here, and in the transport. Frames count by their length, a lower bound. */
  get bufferedAmount(): number {
    return (this.#batch === undefined ? 0 : this.#batch.size) + this.#heldSize + this.#transport.bufferedAmount;
  }

  /** Lower bound of the bytes of this tick. */
  get tickSize(): number {
    return this.#batch === undefined ? 0 : this.#batch.size;
  }

  /** Appends a frame; the first of a tick starts from `root` and answers `true`: a flush is due. */
  push(frame: EncodedFrame, root: FrameBatch): boolean {
    const isFirst = this.#batch === undefined;
    this.#batch = (this.#batch ?? root).append(frame);
    return isFirst;
  }

  /** Hands everything to the transport if the client has room, else holds it back and leaves out what the levels say. */
  flush(levels: QueueLevels): LeftOut {
    const batch = this.#batch;
    this.#batch = undefined;
    const hasRoom = this.#transport.bufferedAmount <= levels.resumeQueuedBytes;
    if (hasRoom) this.#release();
    if (batch === undefined) return NOTHING;
    if (!hasRoom) return this.#hold(batch, levels);
    this.#transport.send(batch);
    return NOTHING;
  }

  /** Hands everything to the transport, room or not. */
  flushAll(): void {
    this.#release();
    const batch = this.#batch;
    this.#batch = undefined;
    if (batch !== undefined) this.#transport.send(batch);
  }

  #release(): void {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#heldSize = 0;
    if (held.length > 0) this.#transport.send(held.reduce((batch, frame) => batch.append(frame), FrameBatch.empty()));
  }

  #hold(batch: FrameBatch, { softQueuedBytes, lagQueuedBytes }: QueueLevels): LeftOut {
    this.#held ??= [];
    let liveCount = 0;
    let isLagging = false;
    for (const frame of batch.frames()) {
      const waiting = this.#heldSize + this.#transport.bufferedAmount;
      if (frame.deliveryClass === "live" && waiting > softQueuedBytes) {
        liveCount += this.#dropLive(frame.key);
      }
      if (frame.deliveryClass === "recoverable" && waiting > lagQueuedBytes) isLagging = true;
      this.#held.push(frame);
      this.#heldSize += frame.frame.length;
    }
    return { liveCount, recoverable: isLagging ? this.#dropRecoverable() : [] };
  }

  /** Takes out the live frames that a newer one with their key makes up for, and counts them. */
  #dropLive(key: string): number {
    let count = 0;
    this.#held = this.#held?.filter(({ deliveryClass, key: heldKey, frame }) => {
      if (deliveryClass !== "live" || heldKey !== key) return true;
      this.#heldSize -= frame.length;
      count++;
      return false;
    });
    return count;
  }

  /** Takes out every recoverable frame, so that those of a topic are all given later, in order. */
  #dropRecoverable(): readonly EncodedFrame[] {
    const held = this.#held ?? [];
    const recoverable = held.filter(({ deliveryClass }) => deliveryClass === "recoverable");
    this.#held = held.filter(({ deliveryClass }) => deliveryClass !== "recoverable");
    for (const { frame } of recoverable) this.#heldSize -= frame.length;
    return recoverable;
  }
}
