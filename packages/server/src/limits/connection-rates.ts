import type { ConnectionLimits } from "../options.ts";
import type { Rate } from "./token-bucket.ts";

/** The rates of one connection. */
export interface ConnectionRates {
  /** Of what a client sends. */
  readonly frames: Rate;
  /** Of joins among them. */
  readonly joins: Rate;
  /** Of messages that came too fast. */
  readonly refusals: Rate;
}

/** The rates that limits set. */
export function connectionRates(limits: Required<ConnectionLimits>): ConnectionRates {
  return {
    frames: { burst: limits.messageBurst, perSecond: limits.messagesPerSecond },
    joins: { burst: limits.joinBurst, perSecond: limits.joinsPerSecond },
    refusals: { burst: limits.maxRateRefusals, perSecond: limits.maxRateRefusals / 60 },
  };
}
