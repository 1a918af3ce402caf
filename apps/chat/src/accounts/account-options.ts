import { DEFAULT_RATES, type RateTable } from "./rates.ts";

/** How many devices one account may be signed in on: all, one of each platform, or one. The latest sign-in stays. */
export type LoginPolicy = "all" | "one_per_platform" | "one";

/** What the operator decides about accounts. Times are in milliseconds. */
export interface AccountOptions {
  /** @defaultValue `"one_per_platform"` */
  readonly loginPolicy?: LoginPolicy;
  /** Life of an access token. @defaultValue 15 minutes */
  readonly accessTokenMs?: number;
  /** How long a session lives without a refresh. @defaultValue 60 days */
  readonly sessionMs?: number;
  /**
   * How long a refresh token that was traded is taken once more, should the answer be lost. @defaultValue 30 seconds
   */
  readonly refreshRetryMs?: number;
  /** Life of a ticket. @defaultValue 1 minute */
  readonly ticketMs?: number;
  /** Sessions of one account; beyond it the oldest ends. @defaultValue 20 */
  readonly maxSessions?: number;
  /** @defaultValue {@link DEFAULT_RATES} */
  readonly rates?: RateTable;
}

/** What {@link AccountOptions} leave open. */
export const DEFAULT_ACCOUNT_OPTIONS = {
  loginPolicy: "one_per_platform",
  accessTokenMs: 15 * 60_000,
  sessionMs: 60 * 24 * 3_600_000,
  refreshRetryMs: 30_000,
  ticketMs: 60_000,
  maxSessions: 20,
  rates: DEFAULT_RATES,
} as const satisfies Required<AccountOptions>;

/**
 * Fills the defaults in.
 *
 * @throws {RangeError} that names every number that is not above 0 and finite.
 */
export function resolveAccountOptions(options: AccountOptions): Required<AccountOptions> {
  const resolved = { ...DEFAULT_ACCOUNT_OPTIONS, ...options };
  const numbers = Object.entries(resolved).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  const rates = Object.entries(resolved.rates).flatMap(([action, { address, account }]): [string, number][] => [
    [`rates.${action}.address.burst`, address.burst],
    [`rates.${action}.address.perMinute`, address.perMinute],
    [`rates.${action}.account.burst`, account.burst],
    [`rates.${action}.account.perMinute`, account.perMinute],
  ]);
  const problems = [...numbers, ...rates].filter(([, value]) => !(value > 0 && Number.isFinite(value)));
  if (problems.length > 0)
    throw new RangeError(problems.map(([name, value]) => `${name} is ${value}, set a number above 0`).join("; "));
  return resolved;
}
