/** A GIF as it is kept. */
export interface PlainGif {
  readonly bytes: Uint8Array;
  /** Of the whole picture, as its header says; so is the height. */
  readonly width: number;
  /** See the width. */
  readonly height: number;
  /** One for a picture that stands still. */
  readonly frames: number;
}

const HEADER_BYTES = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;
/** Whole length of the extension that says how long a frame stands. */
const GRAPHIC_CONTROL_BYTES = 8;
/** Those that say how often a moving picture begins again, and their whole length. */
const LOOPS: readonly string[] = ["NETSCAPE2.0", "ANIMEXTS1.0"];
const LOOP_BYTES = 19;

/**
 * Copies a GIF without what is not shown: comments, notes of programs, which may tell the place, and whatever follows its
 * end. `undefined` when a block of it is cut off.
 */
export function plainGif(gif: Buffer): PlainGif | undefined {
  let at = HEADER_BYTES + tableBytes(gif, HEADER_BYTES - 3);
  if (at > gif.length) return undefined;
  const kept = [gif.subarray(0, at)];
  let frames = 0;
  // What begins like no block ends the picture, as it does for browsers.
  while (gif[at] === EXTENSION || gif[at] === IMAGE) {
    const end = gif[at] === IMAGE ? endOfImage(gif, at) : endOfData(gif, at + 2);
    if (end > gif.length) return undefined;
    const block = gif.subarray(at, end);
    if (isShown(block)) kept.push(block);
    if (block[0] === IMAGE) frames++;
    at = end;
  }
  return {
    bytes: Buffer.concat([...kept, Buffer.of(TRAILER)]),
    width: gif.readUInt16LE(6),
    height: gif.readUInt16LE(8),
    frames,
  };
}

function isShown(block: Buffer): boolean {
  if (block[0] === IMAGE) return true;
  if (block[1] === GRAPHIC_CONTROL) return block.length === GRAPHIC_CONTROL_BYTES;
  return block[1] === APPLICATION && block.length === LOOP_BYTES && LOOPS.includes(block.toString("latin1", 3, 14));
}

/** Place, size, the table of colours, a byte, and the data. */
function endOfImage(gif: Buffer, at: number): number {
  return endOfData(gif, at + 11 + tableBytes(gif, at + 9));
}

/** How long the table of colours is that the flags at `at` tell of. */
function tableBytes(gif: Buffer, at: number): number {
  const flags = gif[at] ?? 0;
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/** Data come in parts that begin with their lengths; an empty one is the last. Beyond the end where it is missing. */
function endOfData(gif: Buffer, at: number): number {
  let next = at;
  for (let size = gif[next]; size !== 0; size = gif[next]) {
    if (size === undefined) return Number.POSITIVE_INFINITY;
    next += size + 1;
  }
  return next + 1;
}
