/**
 * permessage-deflate (RFC 7692) without context takeover: every message is compressed by itself, so that a broadcast is
 * compressed once and its frame shared by all connections that have agreed to it. Frames are compressed
 * within the write, one after the other: no frame overtakes another, none waits uncompressed, and there is one
 * compressor at a time, whose state is let go of with the frame. What lasts is the inflater that `ws` keeps for each client
 * that has sent a compressed message; those are counted, and clients beyond the budget are served without compression.
 */
import { constants, deflateRawSync } from "node:zlib";
import type { EncodedFrame } from "../encoded-frame.ts";
import { resolveLimits } from "../options.ts";
import type { FrameBatch } from "../transport/frame-batch.ts";
import { writeCompressedFrame, writePlainFrame } from "./web-socket-frame.ts";

/** When frames of a mount are compressed, and what that may cost. */
export interface CompressionOptions {
  /** Smallest frame that is compressed, in bytes. @defaultValue 1_024 */
  readonly thresholdBytes?: number;
  /** Largest frame that is compressed, in bytes; the event loop stands still meanwhile. @defaultValue 262_144 */
  readonly maxCompressedBytes?: number;
  /**
   * Memory for what clients send compressed, in bytes; a connection counts for {@link INFLATER_BYTES}. Those for which it
   * does not reach are served without compression. @defaultValue 67_108_864
   */
  readonly maxInflaterBytes?: number;
}

/** Defaults of {@link CompressionOptions}. */
export const DEFAULT_COMPRESSION = {
  thresholdBytes: 1_024,
  maxCompressedBytes: 262_144,
  maxInflaterBytes: 67_108_864,
} as const satisfies Required<CompressionOptions>;

/** What a connection's inflater takes at most: the window, the tables of zlib and Node's buffer. */
export const INFLATER_BYTES = 65_536;

/**
 * An offer that can be met. One that limits the server's window cannot, because the frames are shared: it is left
 * unanswered, as are those that are malformed.
 */
const PARAMETER = String.raw`(?:client_max_window_bits(?:=(?:[89]|1[0-5]))?|(?:client|server)_no_context_takeover)`;
const OFFER = new RegExp(String.raw`^ *permessage-deflate(?: *; *${PARAMETER})* *$`);

/** A smaller window than the default's costs little in size, and a fifth of the memory. */
const DEFLATE = { level: 3, windowBits: 13, memLevel: 7, finishFlush: constants.Z_SYNC_FLUSH } as const;

/** What a sync flush ends with, and a message leaves out (RFC 7692, section 7.2.1). */
const TAIL_BYTES = 4;

/** Compression on one mount. */
export class Compression {
  readonly #limits: Required<CompressionOptions>;
  #connectionCount = 0;

  /** @throws {RangeError} when a limit is out of range. */
  constructor(options: CompressionOptions) {
    this.#limits = resolveLimits(options, DEFAULT_COMPRESSION);
  }

  /** Whether another connection would be within the budget. */
  get hasRoom(): boolean {
    return (this.#connectionCount + 1) * INFLATER_BYTES <= this.#limits.maxInflaterBytes;
  }

  /** Whether a `Sec-WebSocket-Extensions` header holds offers, and each can be met. */
  isOffered(header: string | undefined): boolean {
    return header !== undefined && header.split(",").every((offer) => OFFER.test(offer));
  }

  /** A connection has agreed to compression. */
  opened(): void {
    this.#connectionCount++;
  }

  /** A connection that had agreed is gone. */
  closed(): void {
    this.#connectionCount--;
  }

  /** The batch as it is written to connections that have agreed; made once per batch, and once per frame. */
  wireOf(batch: FrameBatch): Uint8Array {
    if (batch.compressed?.by === this) return batch.compressed.bytes;
    const { last, count } = batch;
    const isOne = last !== undefined && count === 1;
    const bytes = isOne ? this.#frameOf(last) : Buffer.concat(batch.frames().map((encoded) => this.#frameOf(encoded)));
    batch.compressed = { by: this, bytes };
    return bytes;
  }

  #frameOf(encoded: EncodedFrame): Uint8Array {
    const { frame } = encoded;
    const length = typeof frame === "string" ? Buffer.byteLength(frame) : frame.length;
    const { thresholdBytes, maxCompressedBytes } = this.#limits;
    const plain = (encoded.wire ??= writePlainFrame(frame));
    if (length < thresholdBytes || length > maxCompressedBytes) return plain;
    return (encoded.compressedWire ??= compress(encoded, plain));
  }
}

/** The compressed frame; the plain one where that is no larger. */
function compress({ frame }: EncodedFrame, plain: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(frame, DEFLATE);
  const bytes = writeCompressedFrame(deflated.subarray(0, deflated.length - TAIL_BYTES), typeof frame === "string");
  return bytes.length < plain.length ? bytes : plain;
}
