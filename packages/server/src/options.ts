/** Limits of one connection. */
export interface ConnectionLimits {
  /** Largest frame that a client may send, in bytes. @defaultValue 65_536 */
  readonly maxFrameBytes?: number;
  /** Silence after which a connection is closed, in milliseconds. @defaultValue 60_000 */
  readonly idleTimeoutMs?: number;
  /** Time between two pings of a grammar whose server pings, in milliseconds. @defaultValue 3_000 */
  readonly pingIntervalMs?: number;
  /** Channels that one connection may join at a time. @defaultValue 100 */
  readonly maxChannels?: number;
  /** Frames outside the grammar that are ignored before the connection is closed. @defaultValue 100 */
  readonly maxMalformedFrames?: number;
  /** WebSocket pings and pongs that a client may send between two heartbeat checks. @defaultValue 100 */
  readonly maxControlFrames?: number;
  /** Bytes that may wait for a client before only the newest live frame of each topic and event is kept. @defaultValue 131_072 */
  readonly softQueuedBytes?: number;
  /** Bytes that may wait for a client before recoverable frames are left out, to be given from history later. @defaultValue 262_144 */
  readonly lagQueuedBytes?: number;
  /** Bytes below which a client that lagged has room again. @defaultValue 65_536 */
  readonly resumeQueuedBytes?: number;
  /** Bytes that may wait for a client at most; more closes the connection. @defaultValue 1_048_576 */
  readonly maxQueuedBytes?: number;
  /** Time without progress after which a client that does not read is closed, in milliseconds. @defaultValue 10_000 */
  readonly stallTimeoutMs?: number;
  /** Time that a client may take to answer the closing of its WebSocket before the link is dropped, in milliseconds. @defaultValue 5_000 */
  readonly closeTimeoutMs?: number;
  /** Frames that one connection may send per second in the long run. @defaultValue 200 */
  readonly messagesPerSecond?: number;
  /** Frames that one connection may send at once. @defaultValue 2_000 */
  readonly messageBurst?: number;
  /** Joins that one connection may ask for per second in the long run. @defaultValue 20 */
  readonly joinsPerSecond?: number;
  /** Joins that one connection may ask for at once. @defaultValue 200 */
  readonly joinBurst?: number;
  /** Messages that come too fast within a minute before the connection is closed. @defaultValue 200 */
  readonly maxRateRefusals?: number;
}

/** Defaults of {@link ConnectionLimits}. */
export const DEFAULT_CONNECTION_LIMITS = {
  maxFrameBytes: 65_536,
  idleTimeoutMs: 60_000,
  pingIntervalMs: 3_000,
  maxChannels: 100,
  maxMalformedFrames: 100,
  maxControlFrames: 100,
  softQueuedBytes: 131_072,
  lagQueuedBytes: 262_144,
  resumeQueuedBytes: 65_536,
  maxQueuedBytes: 1_048_576,
  stallTimeoutMs: 10_000,
  closeTimeoutMs: 5_000,
  messagesPerSecond: 200,
  messageBurst: 2_000,
  joinsPerSecond: 20,
  joinBurst: 200,
  maxRateRefusals: 200,
} as const satisfies Required<ConnectionLimits>;

/** Limits that hold for every channel of a server. */
export interface ChannelLimits {
  /** Time that a join handler may take, in milliseconds; below the 10 s of common clients. @defaultValue 8_000 */
  readonly joinTimeoutMs?: number;
  /** Messages that may wait for one channel's handler; more are refused. @defaultValue 256 */
  readonly maxPendingMessages?: number;
  /** Time for which the answer of a push with an id is remembered, in milliseconds. @defaultValue 600_000 */
  readonly answerMemoryMs?: number;
  /** Answers that are remembered at a time; the oldest makes room. @defaultValue 100_000 */
  readonly maxRememberedAnswers?: number;
}

/** Defaults of {@link ChannelLimits}. */
export const DEFAULT_CHANNEL_LIMITS = {
  joinTimeoutMs: 8_000,
  maxPendingMessages: 256,
  answerMemoryMs: 600_000,
  maxRememberedAnswers: 100_000,
} as const satisfies Required<ChannelLimits>;

/** Limits of the whole server. */
export interface ServerLimits extends ChannelLimits {
  /** Open connections; more are refused with status 503. @defaultValue 100_000 */
  readonly maxConnections?: number;
  /** Time that the `connect` handler may take, in milliseconds. @defaultValue 10_000 */
  readonly connectTimeoutMs?: number;
  /** Time over which a drain spreads its closes, in milliseconds. @defaultValue 1_000 */
  readonly drainMs?: number;
  /** Time that running handlers have to answer before a drain closes their connection, in milliseconds. @defaultValue 2_000 */
  readonly drainAnswerMs?: number;
  /** Messages that the connections of one id may send together, per second in the long run. @defaultValue 500 */
  readonly userMessagesPerSecond?: number;
  /** Messages that the connections of one id may send together at once. @defaultValue 5_000 */
  readonly userMessageBurst?: number;
  /** Handshakes that one address, of IPv6 one network of 64 bits, may begin per second in the long run. @defaultValue 100 */
  readonly handshakesPerSecond?: number;
  /** Handshakes that one such address may begin at once. @defaultValue 2_000 */
  readonly handshakeBurst?: number;
  /** Ids, and addresses, whose rates are remembered; the one that was unused longest makes room. @defaultValue 100_000 */
  readonly maxRateKeys?: number;
}

/** Defaults of {@link ServerLimits}. */
export const DEFAULT_SERVER_LIMITS = {
  ...DEFAULT_CHANNEL_LIMITS,
  maxConnections: 100_000,
  connectTimeoutMs: 10_000,
  drainMs: 1_000,
  drainAnswerMs: 2_000,
  userMessagesPerSecond: 500,
  userMessageBurst: 5_000,
  handshakesPerSecond: 100,
  handshakeBurst: 2_000,
  maxRateKeys: 100_000,
} as const satisfies Required<ServerLimits>;

/**
 * Applies defaults and checks that every limit is a positive whole number.
 *
 * @throws {RangeError} that names every limit outside its range.
 */
export function resolveLimits<TLimits extends Readonly<Record<string, number>>>(
  given: { readonly [K in keyof TLimits]?: number },
  defaults: TLimits,
): { readonly [K in keyof TLimits]: number } {
  const limits = { ...defaults, ...definedOnly(given) };
  const wrong = Object.entries(limits).filter(([, value]) => !Number.isSafeInteger(value) || value < 1);
  if (wrong.length > 0) {
    const list = wrong.map(([name, value]) => `${name} is ${value}`).join(", ");
    throw new RangeError(`limits must be whole numbers from 1 to 2^53 - 1: ${list}`);
  }
  return limits;
}

function definedOnly<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>; // the same entries, some left out
}
