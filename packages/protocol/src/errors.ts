import { type CloseName, CLOSE_CODES } from "./close-code.ts";
import { ERROR_CODES, type ErrorName } from "./error-code.ts";

/** Options of {@link ChannelError}. */
export interface ChannelErrorOptions {
  /** The topic that the failed call was for. */
  readonly topic?: string;
  /** The reason as it came over the wire, where it differs from the code's own. */
  readonly reason?: string | undefined;
  /** The whole response of an error reply. */
  readonly response?: unknown;
  /** What led to it. */
  readonly cause?: unknown;
}

/** A join, push or publish did not succeed. Callers branch on `code`, or on `reason` for words of the application. */
export class ChannelError extends Error {
  override readonly name = "ChannelError";
  readonly code: ErrorName;
  /** The reason on the wire: the application's word, or that of `code`. */
  readonly reason: string;
  readonly topic: string | undefined;
  readonly response: unknown;
  /** Whether the same call can succeed later. */
  readonly retryable: boolean;

  constructor(code: ErrorName, options: ChannelErrorOptions = {}) {
    const reason = options.reason ?? ERROR_CODES[code].reason;
    super(options.topic === undefined ? reason : `${reason} (topic "${options.topic}")`, { cause: options.cause });
    this.code = code;
    this.reason = reason;
    this.topic = options.topic;
    this.response = options.response;
    this.retryable = ERROR_CODES[code].retryable;
  }
}

/** A frame or message does not follow its grammar. `close` names the close that fits. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly close: CloseName;

  constructor(message: string, close: CloseName = "protocol_error", options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.close = close;
  }
}

/** A method was called on something that is closed already. */
export class ClosedError extends Error {
  override readonly name = "ClosedError";
  /** The WebSocket close code of the close, 1000 when it was asked for here. */
  readonly code: number;

  constructor(what: string, code: number = CLOSE_CODES.normal.code) {
    super(`${what} is closed (${code})`);
    this.code = code;
  }
}
