/** One row of {@link ERROR_CODES}. */
export interface ErrorCode {
  /** Whether the same call can succeed later without a change. */
  readonly retryable: boolean;
  /**
   * The `reason` that an error reply carries on the wire. The ones with spaces
   * are Phoenix's own (PHX-10).
   */
  readonly reason: string;
  /** What happened. */
  readonly summary: string;
}

/**
 * Every error that Hutong itself reports, in replies, in rejected promises and in
 * telemetry. Codes are API: never renamed, never reused. Applications add reasons
 * of their own beside these.
 */
export const ERROR_CODES = {
  unmatched_topic: {
    retryable: false,
    reason: "unmatched topic",
    summary: "No channel definition matches the topic, or the topic is not joined on this connection.",
  },
  too_many_channels: {
    retryable: false,
    reason: "too many channels joined",
    summary: "The connection has reached its limit of channels.",
  },
  join_crashed: {
    retryable: true,
    reason: "join crashed",
    summary: "The join handler threw; the server's telemetry has the cause.",
  },
  join_timeout: {
    retryable: true,
    reason: "join_timeout",
    summary: "The join handler did not answer within the join timeout.",
  },
  join_refused: {
    retryable: false,
    reason: "join_refused",
    summary: "The join handler said no without a reason of its own.",
  },
  unknown_event: { retryable: false, reason: "unknown_event", summary: "The channel has no handler for the event." },
  invalid_params: {
    retryable: false,
    reason: "invalid_params",
    summary: "The join parameters do not fit the channel's schema.",
  },
  invalid_payload: {
    retryable: false,
    reason: "invalid_payload",
    summary: "The payload does not fit the schema of its event.",
  },
  channel_crash: {
    retryable: true,
    reason: "channel_crash",
    summary: "A handler threw; the channel ended and may be joined again.",
  },
  overloaded: { retryable: true, reason: "overloaded", summary: "Too many messages wait for this channel's handler." },
  rate_limited: {
    retryable: true,
    reason: "rate_limited",
    summary: "Messages, joins or presence updates come faster than allowed.",
  },
  push_refused: {
    retryable: false,
    reason: "push_refused",
    summary: "The handler answered with an error that names no reason.",
  },
  reply_timeout: { retryable: true, reason: "reply_timeout", summary: "No reply arrived within the deadline." },
  connection_lost: { retryable: true, reason: "connection_lost", summary: "The link broke before the answer arrived." },
  outbox_full: {
    retryable: true,
    reason: "outbox_full",
    summary: "Too many pushes wait for the channel to be joined.",
  },
  closed: { retryable: false, reason: "closed", summary: "The channel or socket is closed." },
  internal: { retryable: true, reason: "internal", summary: "Something failed inside; the cause is attached." },
} as const satisfies Record<string, ErrorCode>;

/** The name of a row of {@link ERROR_CODES}. */
export type ErrorName = keyof typeof ERROR_CODES;
