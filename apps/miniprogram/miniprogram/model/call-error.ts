import { isRecord } from "./is-record";

/** Codes after which the same call can succeed without a change. */
const PASSING = new Set(["network", "rate_limited", "slow_mode", "internal", "unavailable"]);

/** A call did not succeed. `code` is an error of the chat's API, or `"network"` when no answer came. */
export class CallError extends Error {
  readonly code: string;
  /** When the same call can succeed, in milliseconds from the answer, where the server tells. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, retryAfterMs?: number) {
    super(`the call failed: ${code}`);
    this.name = "CallError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** Whether it is worth calling again later. */
  get mayPass(): boolean {
    return PASSING.has(this.code);
  }
}

/** The code of whatever a call threw. */
export function codeOf(error: unknown): string {
  return error instanceof CallError ? error.code : "internal";
}

/** Reads a refusal: the response of a push, or what an HTTP answer carries as `error`. */
export function toCallError(body: unknown): CallError {
  const { reason, retryAfterMs } = isRecord(body) ? body : { reason: undefined, retryAfterMs: undefined };
  return new CallError(
    typeof reason === "string" ? reason : "internal",
    typeof retryAfterMs === "number" ? retryAfterMs : undefined,
  );
}
