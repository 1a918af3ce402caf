import type { Frame } from "@hutong/protocol";

/**
 * What may become of a frame when its client reads too slowly.
 *
 * - `essential`: it is sent, or the connection is closed. Replies, pushes, the ends of channels.
 * - `live`: it may be left out; a newer one makes up for it. Typing, cursors.
 * - `recoverable`: it may be given later, from the topic's history.
 */
export type DeliveryClass = "essential" | "live" | "recoverable";

/**
 * A frame on its way out. One object is shared by every connection that receives
 * it, so that whatever a transport prepares from it is prepared once.
 */
export class EncodedFrame {
  readonly frame: Frame;
  readonly deliveryClass: DeliveryClass;
  /** What the frame was made from, for those who handle frames that were left out. Connections do not look at it. */
  readonly origin: unknown;
  /** Live frames with the same key make up for each other: of those that wait for a slow client only the newest is kept. */
  readonly key: string;
  /** The bytes that a transport writes for this frame; kept here by the transport that made them. */
  wire: Uint8Array | undefined;
  /** The same for links that compress; kept here by the transport that made them. */
  compressedWire: Uint8Array | undefined;

  constructor(frame: Frame, deliveryClass: DeliveryClass = "essential", origin?: unknown, key = "") {
    this.frame = frame;
    this.deliveryClass = deliveryClass;
    this.origin = origin;
    this.key = key;
    this.wire = undefined;
    this.compressedWire = undefined;
  }
}
