import { ChannelError, ERROR_CODES, type ErrorName } from "@hutong/protocol";
import { isRecord } from "../is-record.ts";

// Only what a server says; codes that the client makes itself, such as
// `connection_lost`, are not taken from the wire.
const SERVER_CODES = [
  "unmatched_topic",
  "too_many_channels",
  "join_crashed",
  "join_timeout",
  "invalid_params",
  "invalid_payload",
  "channel_crash",
  "overloaded",
  "rate_limited",
  "internal",
] as const satisfies readonly ErrorName[];

const CODE_BY_REASON: ReadonlyMap<string, ErrorName> = new Map(
  SERVER_CODES.map((code) => [ERROR_CODES[code].reason, code]),
);

/** What the server said to a push. */
export interface PushAnswer {
  /** `undefined` when the push was accepted. */
  readonly error: ChannelError | undefined;
  /** What the handler answered. */
  readonly response: unknown;
}

/** What an error came from. */
export interface ReplyErrorSource {
  /** Topic of the channel. */
  readonly topic: string;
  /** The code of a reason that Hutong does not know: a word of the application. */
  readonly fallback: ErrorName;
  /** The status of the reply, which stands in for a missing reason unless it is just `"error"`. */
  readonly status?: string;
  /** What the server answered. */
  readonly response: unknown;
}

/** Makes the error that an error reply means. The reason on the wire decides the code. */
export function toChannelError({ topic, fallback, status = "error", response }: ReplyErrorSource): ChannelError {
  const { reason: given, issues } = isRecord(response) ? response : {};
  const reason = typeof given === "string" ? given : status === "error" ? undefined : status;
  const code = CODE_BY_REASON.get(reason ?? "") ?? fallback;
  return new ChannelError(code, { topic, reason, response, cause: issues });
}
