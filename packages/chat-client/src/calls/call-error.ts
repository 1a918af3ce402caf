import { isRecord } from "../is-record.ts";

/** Codes after which the same call can succeed without a change. */
const PASSING = new Set(["network", "rate_limited", "slow_mode", "internal", "unavailable"]);

/** A call did not succeed. */
export class CallError extends Error {
  override readonly name = "CallError";
  /** An error of the chat's API, or `"network"` when no answer came. */
  readonly code: string;
  /** When the same call can succeed, in milliseconds from the answer, where the server tells. */
  readonly retryAfterMs: number | undefined;

  /** `retryAfterMs` is for refusals that pass by themselves; `cause` is what was thrown in place of an answer. */
  constructor(code: string, retryAfterMs?: number, cause?: unknown) {
    super(`the call failed: ${code}`, { cause });
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
export function toCallError(refusal: unknown): CallError {
  const { reason, retryAfterMs } = isRecord(refusal) ? refusal : { reason: undefined, retryAfterMs: undefined };
  return new CallError(
    typeof reason === "string" ? reason : "internal",
    typeof retryAfterMs === "number" ? retryAfterMs : undefined,
  );
}
