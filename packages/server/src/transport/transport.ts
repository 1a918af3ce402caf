import type { Frame } from "@hutong/protocol";
import type { FrameBatch } from "./frame-batch.ts";

/** What a transport tells the connection that it carries. */
export interface TransportReceiver {
  /** A whole frame arrived. Frames come in the order in which the client sent them. */
  frame(frame: Frame): void;
  /** Something arrived that could not be read as frames; nothing of it is delivered. */
  malformed(message: string): void;
  /** The client showed a sign of life other than a frame, such as a poll. */
  alive(): void;
  /** A control frame arrived, such as a WebSocket ping or pong: a sign of life that may also be a flood. */
  controlFrame(): void;
  /** What was sent has left, so that `bufferedAmount` is low again. Called after a time in which it was not. */
  writable(): void;
  /** The link is gone. Called exactly once, last. */
  closed(code: number, reason: string): void;
}

/**
 * Carries frames both ways and knows no meaning. One implementation per runtime
 * and kind of link; `transportConformance` in `@hutong/testing` is its test.
 */
export interface Transport {
  /** Used in telemetry, for example `"websocket"`. */
  readonly name: string;
  /** Whether the transport notices by itself that its client is gone; its connections have no idle timeout then. */
  readonly noticesSilence: boolean;
  /** Bytes that were sent and that the client has not been given yet. */
  readonly bufferedAmount: number;
  /**
   * Begins to deliver. Called exactly once, before any other method. What arrived
   * earlier MUST be kept and delivered then.
   */
  start(receiver: TransportReceiver): void;
  /**
   * Hands over frames, in order, after all earlier ones. MUST NOT throw; after a
   * close it does nothing. MAY keep the batch's {@link FrameBatch.wire}.
   */
  send(batch: FrameBatch): void;
  /** Asks the link for a sign of life. MAY do nothing where the link has no such thing. */
  ping(): void;
  /**
   * Ends politely: everything sent before arrives first. `closed` follows within
   * the transport's close timeout even if the client does not answer.
   */
  close(code: number, reason: string): void;
  /** Drops the link at once. `closed` follows. */
  terminate(): void;
}
