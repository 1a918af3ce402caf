import { type Clock, networkOf } from "@hutong/server/plugin";
import { ChatError } from "../api/chat-error.ts";

/** How often something may be done: a burst at once, and a rate in the long run. */
export interface Rate {
  readonly burst: number;
  readonly perMinute: number;
}

/** The rates of one action: from one network address, and for one account wherever the calls come from. */
export interface ActionRates {
  readonly address: Rate;
  readonly account: Rate;
}

/** Every limited action. The account of `register` is the wished name, of `refresh` the session. */
export const DEFAULT_RATES = {
  register: { address: { burst: 20, perMinute: 5 }, account: { burst: 5, perMinute: 5 } },
  sign_in: { address: { burst: 30, perMinute: 30 }, account: { burst: 10, perMinute: 10 } },
  visit: { address: { burst: 20, perMinute: 10 }, account: { burst: 10, perMinute: 5 } },
  refresh: { address: { burst: 300, perMinute: 300 }, account: { burst: 10, perMinute: 10 } },
  ticket: { address: { burst: 300, perMinute: 300 }, account: { burst: 30, perMinute: 30 } },
  search: { address: { burst: 300, perMinute: 300 }, account: { burst: 30, perMinute: 60 } },
  call: { address: { burst: 20_000, perMinute: 120_000 }, account: { burst: 2_000, perMinute: 12_000 } },
  upload: { address: { burst: 300, perMinute: 300 }, account: { burst: 60, perMinute: 30 } },
} as const satisfies Record<string, ActionRates>;

/** The name of a limited action. */
export type RatedAction = keyof typeof DEFAULT_RATES;
/** The rates of every limited action. */
export type RateTable = Readonly<Record<RatedAction, ActionRates>>;

/** Who does something. */
export interface RatedCall {
  readonly remoteAddress: string;
  /** `undefined` where there is none. */
  readonly account?: string;
}

/** Addresses and accounts that are remembered; beyond it the one seen longest ago starts anew. */
const MAX_BUCKETS = 20_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Slows down whoever tries passwords, makes accounts or calls without a break. Counts are of this process alone. */
export class Rates {
  readonly #clock: Pick<Clock, "now">;
  readonly #table: RateTable;
  /** The one used longest ago is the first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Pick<Clock, "now">, table: RateTable = DEFAULT_RATES) {
    this.#clock = clock;
    this.#table = table;
  }

  /** How many addresses and accounts are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Counts one call.
   *
   * @throws {ChatError} `rate_limited` with the wait, when it comes too early.
   */
  take(action: RatedAction, { remoteAddress, account }: RatedCall): void {
    const rates = this.#table[action];
    this.#take(`${action} from ${networkOf(remoteAddress)}`, rates.address);
    if (account !== undefined) this.#take(`${action} of ${account}`, rates.account);
  }

  #take(key: string, { burst, perMinute }: Rate): void {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMs: now };
    const elapsedMs = Math.max(0, now - bucket.atMs);
    bucket.tokens = Math.min(burst, bucket.tokens + (elapsedMs * perMinute) / 60_000);
    bucket.atMs += elapsedMs;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > MAX_BUCKETS && oldest !== undefined) this.#buckets.delete(oldest);
    if (bucket.tokens < 1)
      throw new ChatError("rate_limited", { retryAfterMs: Math.ceil(((1 - bucket.tokens) * 60_000) / perMinute) });
    bucket.tokens -= 1;
  }
}
