import type { EncodedFrame } from "../encoded-frame.ts";

/** Bytes that depend on the settings of who made them. */
export interface CompressedBatch {
  /** Who made them, and may use them. */
  readonly by: object;
  /** All frames as a transport writes them. */
  readonly bytes: Uint8Array;
}

/**
 * The frames that one connection is sent in one tick.
 *
 * In a busy room a thousand connections are sent the same frames in the same
 * order. So a batch is a node in a tree: appending the same frame to the same batch
 * gives the same node, and all connections whose lists are equal hold one object.
 * What a transport makes of it, it makes once. A node remembers only its latest
 * child, because a fan-out appends one frame to all connections in a row.
 */
export class FrameBatch {
  readonly #previous: FrameBatch | undefined;
  #child: FrameBatch | undefined;
  /** The frame that was appended last; `undefined` in a batch without frames. */
  readonly last: EncodedFrame | undefined;
  /** Number of frames. */
  readonly count: number;
  /** Sum of the frames' lengths, in characters or bytes: a lower bound of the bytes on the wire. */
  readonly size: number;
  /** All frames as the bytes that a transport writes; kept here by the transport that made them. */
  wire: Uint8Array | undefined;
  /** The same for links that compress; the latest of several makers keeps its own. */
  compressed: CompressedBatch | undefined;

  private constructor(previous: FrameBatch | undefined, last: EncodedFrame | undefined) {
    this.#previous = previous;
    this.last = last;
    this.#child = undefined;
    this.count = previous === undefined ? 0 : previous.count + 1;
    this.size = previous === undefined || last === undefined ? 0 : previous.size + last.frame.length;
    this.wire = undefined;
    this.compressed = undefined;
  }

  /** A batch without frames, the root of a tick's tree. */
  static empty(): FrameBatch {
    return new FrameBatch(undefined, undefined);
  }

  /** This batch and one more frame; the same object for the same frame, if asked in a row. */
  append(frame: EncodedFrame): FrameBatch {
    if (this.#child === undefined || this.#child.last !== frame) this.#child = new FrameBatch(this, frame);
    return this.#child;
  }

  /** The frames in the order in which they were appended. */
  frames(): readonly EncodedFrame[] {
    const frames = new Array<EncodedFrame>(this.count);
    let batch: FrameBatch = this;
    while (batch.#previous !== undefined && batch.last !== undefined) {
      frames[batch.count - 1] = batch.last;
      batch = batch.#previous;
    }
    return frames;
  }
}
