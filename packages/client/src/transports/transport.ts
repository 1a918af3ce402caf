import type { Frame } from "@hutong/protocol";

/** What a transport needs for one attempt to connect. */
export interface TransportRequest {
  /** Query parameters, `vsn` among them; not encoded yet. */
  readonly params: Readonly<Record<string, string>>;
  /** The token for this attempt. */
  readonly token: string | undefined;
}

/** Why a transport ended. */
export interface TransportClose {
  /** WebSocket close code, 1006 when the link just broke or never opened. */
  readonly code: number;
  /** For people; may be empty. */
  readonly reason: string;
  /** What the runtime refused, for the socket's event `error`; only of a link that never opened. */
  readonly error?: unknown;
}

/** Says why a transport ended, in its own words where it has some. */
export function describeClose({ code, reason }: TransportClose): string {
  return reason === "" ? `closed with ${code}` : reason;
}

/** Whom a transport tells. None of these throws. None MUST be called before `open` has returned, nor while `send` runs. */
export interface TransportHandlers {
  /** The link is up. MUST be called at most once. */
  opened(): void;
  /** A frame arrived. MUST be called only between `opened` and `closed`. */
  received(frame: Frame | ArrayBuffer): void;
  /** The link is gone, or never came. MUST be called exactly once, and last, also after {@link Transport.close}. */
  closed(close: TransportClose): void;
}

/** Carries frames one way and the other and knows no meaning. */
export interface Transport {
  /** Whether only a heartbeat shows that the link is dead. */
  readonly needsHeartbeat: boolean;
  /** Sends a frame. Order MUST be kept. MUST NOT throw; a failure ends in `closed`. Only called while open. */
  send(frame: Frame): void;
  /** Ends the link politely. MUST be idempotent. `code` is 1000 or 3000–4999, as browsers demand. */
  close(code: number, reason: string): void;
}

/** Makes the transports of one kind. */
export interface TransportFactory {
  /** Shown in the socket's state. */
  readonly name: string;
  /** Starts to connect. MAY throw when the runtime refuses; no handler is called then. */
  open(request: TransportRequest, handlers: TransportHandlers): Transport;
}
