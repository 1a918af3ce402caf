/** A direction of a proxied connection: from the client up to the server, or down to the client. */
export type Direction = "up" | "down";

/** What a {@link FaultProxy} does to a connection. */
export type FaultAction =
  /** Closes a connection at once, before the server hears of it. Only where it matches a `connect`. */
  | { readonly kind: "refuse" }
  /** Swallows the bytes that matched. What follows arrives, so the stream is torn: receivers see nonsense. */
  | { readonly kind: "drop" }
  /** Holds back what matched, and all that follows in its direction, for `ms` milliseconds. */
  | { readonly kind: "delay"; readonly ms: number }
  /** Ends the connection on both sides: politely with `"fin"`, or as if it had been torn with `"rst"`. */
  | { readonly kind: "cut"; readonly how: "fin" | "rst" }
  /** Swallows everything from now on, in one direction or both, and tells nobody. */
  | { readonly kind: "half_open"; readonly direction: Direction | "both" }
  /** Lets through so many bytes per second, in both directions. */
  | { readonly kind: "throttle"; readonly bytesPerSecond: number };

/** Something that a rule may match. */
export type ProxyTraffic =
  /** A client connected. Connections are numbered from 1. */
  | { readonly kind: "connect"; readonly connection: number }
  /** Bytes arrived; `seenBytes` came before them in the same direction. TCP decides how they are cut into pieces. */
  | {
      readonly kind: "bytes";
      readonly connection: number;
      readonly direction: Direction;
      readonly bytes: Uint8Array;
      readonly seenBytes: number;
    };

/** When a {@link FaultProxy} does what. */
export interface FaultRule {
  /** Says which traffic is meant. */
  readonly match: (traffic: ProxyTraffic) => boolean;
  readonly action: FaultAction;
  /** How often the rule acts; after that it is gone. @defaultValue always */
  readonly times?: number;
  /** How likely it acts on what it matches, decided by the proxy's seed. @defaultValue 1 */
  readonly probability?: number;
}

/** Something that a {@link FaultProxy} did. */
export interface FaultEvent {
  /** Number of the connection. */
  readonly connection: number;
  /** What happened: a connection came, it ended, or an action of a rule or of a call. */
  readonly kind: "opened" | "closed" | FaultAction["kind"];
  /** Since the proxy was started, in milliseconds. */
  readonly atMs: number;
}
