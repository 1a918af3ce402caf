import type { Grammar, WireProtocol } from "@hutong/protocol";
import type { ConnectHandler, ConnectionAdmission, ConnectRequest } from "../connect.ts";
import { Connection, type ConnectionOwner, type ConnectionSettings } from "./connection.ts";
import { Heartbeats } from "./heartbeats.ts";
import type { WriteCycle } from "./write-cycle.ts";
import type { Clock } from "../clock.ts";
import { connectionRates } from "../limits/connection-rates.ts";
import { type ConnectionLimits, DEFAULT_CONNECTION_LIMITS, resolveLimits } from "../options.ts";
import type { Refuse } from "../results.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Transport } from "../transport/transport.ts";

/** A place where clients connect: a grammar with its limits and its `connect` handler. */
export interface MountOptions {
  readonly grammar: Grammar;
  /** Path that clients know, for example `"/socket"`. */
  readonly path: string;
  /** Decides who may connect here. @defaultValue the server's `connect` */
  readonly connect?: ConnectHandler;
  readonly limits?: ConnectionLimits;
}

/** What became of a handshake's `connect` handler. */
export type ConnectOutcome =
  | { readonly kind: "admitted"; readonly admission: ConnectionAdmission }
  | { readonly kind: "refused"; readonly response: unknown }
  | { readonly kind: "failed"; readonly cause: unknown }
  | { readonly kind: "timeout" };

/** Parts that a mount takes from its server. */
export interface MountParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly cycle: WriteCycle;
  readonly owner: ConnectionOwner;
  readonly connect: ConnectHandler;
  /** Time that the `connect` handler may take. */
  readonly connectTimeoutMs: number;
}

/** One {@link MountOptions} at work. */
export class Mount {
  readonly grammar: Grammar;
  readonly path: string;
  readonly limits: Required<ConnectionLimits>;
  readonly #connect: ConnectHandler;
  readonly #parts: MountParts;
  readonly #settings: ConnectionSettings;
  readonly #heartbeats: Heartbeats;

  constructor(options: MountOptions, parts: MountParts) {
    this.grammar = options.grammar;
    this.path = options.path;
    this.limits = resolveLimits(options.limits ?? {}, DEFAULT_CONNECTION_LIMITS);
    this.#connect = options.connect ?? parts.connect;
    this.#parts = parts;
    const { cycle, clock, telemetry } = parts;
    // A tenth of the timeout is how late a silent client may be noticed.
    const checkMs = Math.min(this.limits.pingIntervalMs, Math.ceil(this.limits.idleTimeoutMs / 10));
    this.#heartbeats = new Heartbeats(clock, checkMs);
    const owner: ConnectionOwner = {
      message: (connection, message) => parts.owner.message(connection, message),
      limited: (connection, message, retryAfterMs) => parts.owner.limited(connection, message, retryAfterMs),
      overtaken: (connection, frames) => parts.owner.overtaken(connection, frames),
      closed: (connection) => {
        this.#heartbeats.delete(connection);
        parts.owner.closed(connection);
      },
    };
    this.#settings = { owner, limits: this.limits, rates: connectionRates(this.limits), cycle, clock, telemetry };
  }

  /** Asks the `connect` handler. Never rejects; there is a promise, and a timer, only where the handler takes time. */
  admit(request: ConnectRequest): ConnectOutcome | Promise<ConnectOutcome> {
    try {
      const answer = this.#connect(request);
      // Whatever can be awaited is: taken for an admission, it would let everybody in.
      return "then" in answer ? this.#await(answer) : toOutcome(answer);
    } catch (cause) {
      return { kind: "failed", cause };
    }
  }

  /** Makes the connection of an admitted client; `open` on it begins to read. */
  connection(id: string, transport: Transport, wireProtocol: WireProtocol): Connection {
    const connection = new Connection(id, transport, wireProtocol, this.#settings);
    this.#heartbeats.add(connection);
    return connection;
  }

  async #await(answer: Promise<ConnectionAdmission | Refuse>): Promise<ConnectOutcome> {
    const { clock, connectTimeoutMs } = this.#parts;
    let cancel = (): void => {};
    const timeout = new Promise<ConnectOutcome>((resolve) => {
      cancel = clock.after(connectTimeoutMs, () => resolve({ kind: "timeout" }));
    });
    const failed = (cause: unknown): ConnectOutcome => ({ kind: "failed", cause });
    const outcome = await Promise.race([Promise.resolve(answer).then(toOutcome).catch(failed), timeout]);
    cancel();
    return outcome;
  }
}

function toOutcome(answer: ConnectionAdmission | Refuse): ConnectOutcome {
  return "kind" in answer ? { kind: "refused", response: answer.response } : { kind: "admitted", admission: answer };
}
