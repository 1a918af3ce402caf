import type { Clock } from "../clock.ts";
import { EncodedFrame } from "../encoded-frame.ts";
import type { Connection } from "./connection.ts";

/**
 * Checks the connections of one mount for signs of life. One timer serves them
 * all; it runs only while there are connections.
 */
export class Heartbeats {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #connections = new Set<Connection>();
  #stop: (() => void) | undefined;

  /** `intervalMs` is the time between two checks, and between two pings of a grammar whose server pings. */
  constructor(clock: Clock, intervalMs: number) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
  }

  /** Begins to check a connection. */
  add(connection: Connection): void {
    this.#connections.add(connection);
    this.#stop ??= this.#clock.every(this.#intervalMs, () => this.#check());
  }

  /** Ends checking a connection. */
  delete(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #check(): void {
    const atMs = this.#clock.now();
    let ping: EncodedFrame | undefined;
    for (const connection of this.#connections) {
      if (ping === undefined && connection.wireProtocol.traits.greets) {
        const frame = connection.wireProtocol.encode({ kind: "ping", atMs });
        ping = frame === undefined ? undefined : new EncodedFrame(frame);
      }
      connection.checkHeartbeat(ping);
    }
  }
}
