import type { CloseName } from "./close-code.ts";
import type { ClientMessage, Frame, ServerMessage } from "./message.ts";

/**
 * What a grammar expects of the server beyond its frames. The server asks these
 * instead of asking which grammar it speaks.
 */
export interface WireProtocolTraits {
  /** Whether the server greets with `welcome` and then sends `ping` messages. */
  readonly greets: boolean;
  /** Where a refused connection hears of it: as an HTTP status, or as a farewell after the upgrade. */
  readonly refusal: "before_upgrade" | "after_upgrade";
  /** Whether the answer to a join goes out before or after what the channel's `joined` hook pushes. */
  readonly joinAnswer: "before_hook" | "after_hook";
  /** What a second join of a joined key does: it takes the first one's place, or it is ignored. */
  readonly secondJoin: "replaces" | "ignored";
  /** What a failing handler does: it ends the channel, or only its message fails. */
  readonly handlerFailure: "ends_channel" | "fails_message";
  /** Whether clients are told positions in a topic's history, and pass by what is not for them. */
  readonly positions: boolean;
  /**
   * Where a client is told of the history that it asked for: in the answer to its join, or by a message of its own. With
   * the latter the join is answered before anything is broadcast to the client, then follow the messages that it missed and
   * that message, and a client that history no longer reaches is told so too, instead of having to join again.
   */
  readonly historyAnswer: "with_join" | "in_turn";
  /** How a change of presence reaches a client: as the event `presence_diff`, or as one message per person who came or went. */
  readonly presence: "diffs" | "news";
  /** What a join that comes too fast gets: a refusal, or nothing, where clients ask again until they are answered. */
  readonly limitedJoin: "refused" | "ignored";
  /** What a frame outside the grammar does: it closes the connection, or it is counted and ignored. */
  readonly malformedFrame: "closes" | "ignored";
}

/** How a connection says good-bye in a grammar. */
export interface Farewell {
  /** The last frame before the close, where the grammar has one. */
  readonly frame: Frame | undefined;
  /** WebSocket close code. */
  readonly code: number;
  /** WebSocket close reason, at most 123 bytes of UTF-8. */
  readonly reason: string;
}

/** Translates between frames and messages. Pure: no I/O, no clock, no state. */
export interface WireProtocol {
  /** Stable id used in options, logs and metrics, for example `"phoenix-2"`. */
  readonly name: string;
  readonly traits: WireProtocolTraits;
  /**
   * What a connection begins with, as if its client had said it: the joins of grammars that have no word for them, because
   * their address stands for one channel. @defaultValue nothing
   */
  readonly opening?: readonly ClientMessage[];
  /** @throws {ProtocolError} when the frame does not follow the grammar. */
  decode(frame: Frame): ClientMessage;
  /**
   * `undefined` when this protocol has no frame for the message.
   *
   * @throws {ProtocolError} when the message cannot be carried, for example a
   * binary frame's topic of more than 255 bytes.
   */
  encode(message: ServerMessage): Frame | undefined;
  /** The last words for a close of ours, translated so that the grammar's clients come back, or stay away, as meant. */
  farewell(close: CloseName): Farewell;
}

/** What a client offers in its handshake. */
export interface HandshakeOffer {
  /** The `vsn` query parameter, as sent; `undefined` when absent. */
  readonly vsn: string | undefined;
  /** The entries of `Sec-WebSocket-Protocol`, trimmed, in the client's order. */
  readonly subprotocols: readonly string[];
}

/** The outcome of reading a {@link HandshakeOffer}. */
export type Negotiation =
  | {
      readonly kind: "agreed";
      readonly wireProtocol: WireProtocol;
      /** The subprotocol to echo; `undefined` sends no header. */
      readonly subprotocol: string | undefined;
      /** The token that travelled as a subprotocol. */
      readonly token: string | undefined;
    }
  | { readonly kind: "disagreed"; readonly reason: "version" | "subprotocol" | "token" };

/** A family of wire protocols that share one endpoint. */
export interface Grammar {
  /** `"phoenix"`, `"action-cable"`, or the application's own name for its grammar. */
  readonly name: string;
  /** Picks the wire protocol for a handshake. Never throws. */
  negotiate(offer: HandshakeOffer): Negotiation;
}
