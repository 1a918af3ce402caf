import { systemClock } from "./clock.ts";
import { DEFAULT_SOCKET_OPTIONS, type SocketOptions } from "./options.ts";
import { DEFAULT_RECONNECT } from "./reconnect.ts";
import type { SocketSetup } from "./socket.ts";

/** A number with its name and its least value. */
type Limit = readonly [name: string, value: number, least: number];

/** @throws {RangeError} that names every number below its least value, or that is none. */
function checkLimits(limits: readonly Limit[]): void {
  const wrong = limits.filter(([, value, least]) => !(value >= least && value < Infinity));
  if (wrong.length === 0) return;
  throw new RangeError(
    wrong.map(([name, value, least]) => `${name} is ${value}; expected a number of at least ${least}`).join("; "),
  );
}

/** The defaults, and in their place what is given. */
function numbersOf<TName extends string>(
  defaults: Readonly<Record<TName, number>>,
  given: { readonly [TKey in NoInfer<TName>]?: number | undefined } = {},
): Readonly<Record<TName, number>> {
  const numbers: Record<TName, number> = { ...defaults };
  for (const name in defaults) numbers[name] = given[name] ?? defaults[name];
  return numbers;
}

/**
 * Puts the defaults in. What depends on the runtime, its page and its transports, is the caller's.
 *
 * @throws {RangeError} when a number is out of its range.
 */
export function resolveSocketOptions(options: SocketOptions): Omit<SocketSetup, "page" | "transports"> {
  const { clock = systemClock, random = Math.random } = options;
  const numbers = numbersOf(DEFAULT_SOCKET_OPTIONS, options);
  const reconnect = numbersOf(DEFAULT_RECONNECT, options.reconnect);
  checkLimits([
    ...Object.entries(numbers).map(([name, value]): Limit => [name, value, name === "maxOutboxPushes" ? 0 : 1]),
    ["reconnect.minMs", reconnect.minMs, 0],
    ["reconnect.maxMs", reconnect.maxMs, reconnect.minMs],
    ["reconnect.factor", reconnect.factor, 1],
  ]);
  return { ...options, ...numbers, clock, random, reconnect };
}
