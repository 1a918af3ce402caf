import { actionCable, type Grammar, phoenix } from "@hutong/protocol";
import type { ConnectHandler } from "../connect.ts";
import type { Mount } from "../connection/mount.ts";
import { type ConnectionLimits, resolveLimits } from "../options.ts";
import type { Server } from "../server.ts";
import { Compression, type CompressionOptions } from "./compression.ts";
import { type AddressOf, createAddressOf } from "./client-address.ts";
import type { OriginPolicy } from "./origin.ts";

/** Limits of long poll. */
export interface LongPollLimits {
  /** Time that a poll waits for a message, in milliseconds; a session without a poll for one and a half times that ends. @defaultValue 10_000 */
  readonly windowMs?: number;
  /** Largest body of a POST, in bytes. @defaultValue 1_048_576 */
  readonly maxBodyBytes?: number;
  /** Frames of one POST that are read; later ones are ignored. @defaultValue 100 */
  readonly maxBatchFrames?: number;
}

/** Defaults of {@link LongPollLimits}. */
export const DEFAULT_LONG_POLL_LIMITS = {
  windowMs: 10_000,
  maxBodyBytes: 1_048_576,
  maxBatchFrames: 100,
} as const satisfies Required<LongPollLimits>;

/** The HTTP answer to a client that the `connect` handler refused. */
export interface RefusalAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Plain text. @defaultValue empty */
  readonly body?: string;
}

/** Options of {@link actionCableAt} and {@link webSocketAt}, and those that {@link phoenixAt} shares with them. */
export interface NodeMountOptions {
  /** Decides who may connect here. @defaultValue the server's `connect` */
  readonly connect?: ConnectHandler;
  /** Which pages may connect. @defaultValue `"same_host"` */
  readonly origins?: OriginPolicy;
  /**
   * What becomes of requests without an `Origin`, which come from programs, mini-programs among them: `"any"` may
   * connect, or only those `"with_token"`. @defaultValue `"any"`
   */
  readonly originless?: "any" | "with_token";
  /**
   * Addresses and networks (`10.0.0.0/8`) of proxies whose `X-Forwarded-For` is believed; the client's address is the
   * last one there that is not trusted. @defaultValue none: the client is the other end of the TCP connection
   */
  readonly trustedProxies?: readonly string[];
  readonly limits?: ConnectionLimits;
  /** Compresses large frames for clients that offer permessage-deflate; `{}` does so with the defaults. @defaultValue off */
  readonly compression?: CompressionOptions;
  /**
   * Writes frames by the TCP handle below Node's stream, where there is one and this Node's is known; TLS always goes through
   * the stream. It changes nothing but what a write costs. @defaultValue `true`
   */
  readonly directWrites?: boolean;
  /** Chooses the HTTP answer from what `refuse` was given; for grammars that refuse before the upgrade. @defaultValue 403 without a body */
  readonly refusal?: (response: unknown) => RefusalAnswer;
}

/** Options of {@link phoenixAt}. */
export interface PhoenixMountOptions extends NodeMountOptions {
  /** Limits of long poll; `false` turns it off. @defaultValue on, with {@link DEFAULT_LONG_POLL_LIMITS} */
  readonly longPoll?: LongPollLimits | false;
}

/** A mount before it belongs to a server; made by {@link phoenixAt}, {@link actionCableAt} and {@link webSocketAt}. */
export interface MountPlan extends NodeMountOptions {
  /** Path as it was given; may hold variables. */
  readonly path: string;
  readonly grammar: Grammar;
  /** Path of the WebSocket. */
  readonly webSocketPath: string;
  /** Path of long poll; `undefined` where it is off. */
  readonly longPollPath: string | undefined;
  readonly longPollLimits: Required<LongPollLimits>;
}

/**
 * Phoenix Channels under a path: WebSocket at `path/websocket`, long poll at `path/longpoll`. The path may hold
 * variables (`/socket/:tenant`), which become connect parameters.
 *
 * @throws {RangeError} when a limit is out of range.
 */
export function phoenixAt(path: string, options: PhoenixMountOptions = {}): MountPlan {
  const { longPoll = {}, ...rest } = options;
  return {
    ...rest,
    path,
    grammar: phoenix,
    webSocketPath: `${path}/websocket`,
    longPollPath: longPoll === false ? undefined : `${path}/longpoll`,
    longPollLimits: resolveLimits(longPoll === false ? {} : longPoll, DEFAULT_LONG_POLL_LIMITS),
  };
}

/** Action Cable at a path; WebSocket only. The path may hold variables. */
export function actionCableAt(path: string, options: NodeMountOptions = {}): MountPlan {
  return webSocketAt(path, actionCable, options);
}

/** A grammar of the application's own at a path; WebSocket only. The path may hold variables. */
export function webSocketAt(path: string, grammar: Grammar, options: NodeMountOptions = {}): MountPlan {
  return {
    ...options,
    path,
    grammar,
    webSocketPath: path,
    longPollPath: undefined,
    longPollLimits: DEFAULT_LONG_POLL_LIMITS,
  };
}

/** A {@link MountPlan} that belongs to a server. */
export interface NodeMount {
  readonly server: Server;
  /** The mount as the server runs it. */
  readonly runtime: Mount;
  /** Whether the process is too busy for more connections. */
  readonly isOverloaded: () => boolean;
  readonly grammar: Grammar;
  /** Path as it was given; may hold variables. */
  readonly path: string;
  /** Which pages may connect. */
  readonly origins: OriginPolicy;
  /** Which requests without an `Origin` may connect. */
  readonly originless: "any" | "with_token";
  /** Finds the client's address. */
  readonly addressOf: AddressOf;
  readonly refusal: (response: unknown) => RefusalAnswer;
  /** `undefined` where nothing is compressed. */
  readonly compression: Compression | undefined;
  /** Whether frames are written below Node's stream, where that is possible. */
  readonly directWrites: boolean;
  readonly longPollLimits: Required<LongPollLimits>;
}

/**
 * Gives a plan to a server.
 *
 * @throws {RangeError} when a limit is out of range, or a trusted proxy is no address and no network.
 */
export function toNodeMount(server: Server, plan: MountPlan, isOverloaded: () => boolean): NodeMount {
  const { path, grammar, connect, limits, longPollLimits } = plan;
  const runtime = server.mount({ path, grammar, ...(connect && { connect }), ...(limits && { limits }) });
  const origins = plan.origins ?? "same_host";
  const refusal = plan.refusal ?? (() => ({ status: 403 }));
  const addressOf = createAddressOf(plan.trustedProxies ?? []);
  const originless = plan.originless ?? "any";
  const compression = plan.compression && new Compression(plan.compression);
  return {
    server,
    runtime,
    isOverloaded,
    grammar,
    path,
    origins,
    originless,
    addressOf,
    refusal,
    compression,
    directWrites: plan.directWrites ?? true,
    longPollLimits,
  };
}
