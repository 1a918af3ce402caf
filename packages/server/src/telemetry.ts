import type { CloseName, ErrorName, Frame } from "@hutong/protocol";

/**
 * What the server reports of itself. Events carry no payloads, parameters or
 * tokens, so that whatever listens may log them whole. `cause` is what user code
 * or a broker threw.
 */
export type TelemetryEvent =
  | {
      readonly kind: "connection_opened";
      readonly connectionId: string;
      readonly transport: string;
      readonly wireProtocol: string;
      readonly path: string;
    }
  | {
      readonly kind: "connection_refused";
      readonly path: string;
      readonly why: ConnectionRefusal;
      /** HTTP status of the answer, or the close code where the grammar refuses after the upgrade. */
      readonly status: number;
      readonly cause?: unknown;
    }
  | {
      readonly kind: "connection_closed";
      readonly connectionId: string;
      readonly code: number;
      /** The server's own reason; `undefined` when the client closed or the link broke. */
      readonly close: CloseName | undefined;
      readonly durationMs: number;
    }
  | { readonly kind: "compression_declined"; readonly path: string }
  | { readonly kind: "live_frames_dropped"; readonly connectionId: string; readonly count: number }
  | { readonly kind: "connection_lagging"; readonly connectionId: string; readonly count: number }
  | {
      readonly kind: "malformed_frame";
      readonly connectionId: string;
      readonly message: string;
      /** What a wire protocol of the application threw. */
      readonly cause?: unknown;
    }
  | {
      readonly kind: "channel_joined";
      readonly connectionId: string;
      readonly topic: string;
      readonly durationMs: number;
    }
  | { readonly kind: "join_refused"; readonly connectionId: string; readonly topic: string; readonly reason: string }
  | { readonly kind: "join_failed"; readonly connectionId: string; readonly topic: string; readonly cause: unknown }
  | { readonly kind: "channel_ended"; readonly connectionId: string; readonly topic: string; readonly reason: string }
  | {
      readonly kind: "message_handled";
      readonly connectionId: string;
      readonly topic: string;
      readonly event: string;
      readonly result: HandledResult;
      /** From the push's turn in its channel to the end of its handler; validation included, waiting not. */
      readonly durationMs: number;
    }
  | {
      readonly kind: "message_refused";
      readonly connectionId: string;
      readonly topic: string;
      readonly event: string;
      readonly code: ErrorName;
    }
  | {
      readonly kind: "handler_failed";
      readonly connectionId: string;
      readonly topic: string;
      /** The event, or the name of the hook or timer. */
      readonly event: string;
      readonly cause: unknown;
    }
  | {
      readonly kind: "broadcast_dispatched";
      readonly topic: string;
      readonly event: string;
      /** Channels of this node that it was meant for. */
      readonly subscriberCount: number;
    }
  | { readonly kind: "broker_failed"; readonly topic: string; readonly cause: unknown }
  | { readonly kind: "drain_started"; readonly connectionCount: number }
  | { readonly kind: "drain_finished"; readonly durationMs: number };

/** What a handler gave for a push: an answer, the end of its channel, or nothing. */
export type HandledResult = "reply" | "refuse" | "stop" | "nothing";

/** Why a connection was refused before it opened. */
export type ConnectionRefusal =
  | "origin"
  | "subprotocol"
  | "version"
  | "token"
  | "connect_refused"
  | "connect_failed"
  | "connect_timeout"
  | "bad_request"
  | "overloaded"
  | "rate_limited"
  | "draining";

/** Receives every {@link TelemetryEvent}, synchronously. MUST NOT throw and SHOULD return at once. */
export type Telemetry = (event: TelemetryEvent) => void;

/** What went over a link so far. Frames that were left out count as sent. */
export interface Traffic {
  /** Frames of the client. */
  readonly framesIn: number;
  /** Frames for the client. */
  readonly framesOut: number;
  /** Size of the frames of the client; a character of text counts as one byte. */
  readonly bytesIn: number;
  /** Size of the frames for the client, counted in the same way. */
  readonly bytesOut: number;
}

/** Sees one frame of a traced connection, at the moment it is read or queued. MUST NOT throw or change the frame. */
export type FrameTrace = (direction: "in" | "out", frame: Frame) => void;

/** One connection as an operator sees it, at the moment of the call. */
export interface ConnectionReport {
  /** Unique on this node. */
  readonly id: string;
  /** The id that the `connect` handler gave. */
  readonly socketId: string | undefined;
  /** The kind of link, for example `"websocket"`. */
  readonly transport: string;
  /** The wire protocol's name, for example `"phoenix-2"`. */
  readonly wireProtocol: string;
  /** `"closing"` from the server's good-bye until the link is gone. */
  readonly state: "opening" | "open" | "closing" | "closed";
  /** Time since it was opened. */
  readonly ageMs: number;
  /** Since it was opened. */
  readonly traffic: Traffic;
  /** Bytes that wait for the client. */
  readonly bufferedAmount: number;
  /** Topics of its channels, joined or being joined, in the order of the joins. */
  readonly topics: readonly string[];
}

/** Counts of one node. */
export interface ServerStats {
  /** Open connections. */
  readonly connections: number;
  /** Channels that are joined or being joined. */
  readonly channels: number;
  /** Topics with at least one subscriber. */
  readonly topics: number;
  /** Subscribers, counted once per topic. */
  readonly subscriptions: number;
}

/** Whether a server takes new connections. */
export type ServerState = "idle" | "running" | "draining" | "closed";
