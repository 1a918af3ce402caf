import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Direction, FaultAction } from "./fault-rule.ts";

/** What a connection asks of its proxy. */
export interface ProxiedConnectionOwner {
  /** The actions that the rules want for bytes. */
  actionsFor(
    connection: ProxiedConnection,
    direction: Direction,
    bytes: Uint8Array,
    seenBytes: number,
  ): readonly FaultAction[];
  /** Both sides are closed. */
  closed(connection: ProxiedConnection): void;
}

/** A connection that goes through a proxy. */
export class ProxiedConnection {
  /** From 1, in the order in which clients connected. */
  readonly number: number;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #owner: ProxiedConnectionOwner;
  readonly #swallowed = new Set<Direction>();
  readonly #heldUntilMs = new Map<Direction, number>();
  readonly #ended = new AbortController();
  #bytesPerSecond = Infinity;

  constructor(
    number: number,
    sockets: { readonly client: Socket; readonly server: Socket },
    owner: ProxiedConnectionOwner,
  ) {
    this.number = number;
    this.#client = sockets.client;
    this.#server = sockets.server;
    this.#owner = owner;
    for (const socket of [this.#client, this.#server]) {
      socket.setNoDelay(true);
      socket.on("error", () => this.#end("rst")); // a torn side tears the other
    }
  }

  /** Carries bytes until both sides are closed. */
  async run(): Promise<void> {
    await Promise.all([this.#carry("up", this.#client, this.#server), this.#carry("down", this.#server, this.#client)]);
    this.#end("rst");
    this.#owner.closed(this);
  }

  /** Does something to the connection now. `drop` and `refuse` mean bytes and handshakes, and do nothing here. */
  apply(action: FaultAction, direction: Direction = "down"): void {
    switch (action.kind) {
      case "cut":
        return this.#end(action.how);
      case "half_open":
        for (const one of ["up", "down"] as const) {
          if (action.direction === one || action.direction === "both") this.#swallowed.add(one);
        }
        return;
      case "throttle":
        this.#bytesPerSecond = action.bytesPerSecond;
        return;
      case "delay":
        this.#heldUntilMs.set(direction, performance.now() + action.ms);
        return;
      case "drop":
      case "refuse":
        return;
      default:
        return action satisfies never;
    }
  }

  async #carry(direction: Direction, source: Socket, target: Socket): Promise<void> {
    let seenBytes = 0;
    try {
      // Iterating reads only as fast as this loop goes, so that a slow side slows the other down, as on a real link.
      for await (const chunk of source) {
        const bytes: Uint8Array = chunk; // no encoding is set, so chunks are buffers
        const actions = this.#owner.actionsFor(this, direction, bytes, seenBytes);
        seenBytes += bytes.length;
        for (const action of actions) this.apply(action, direction);
        if (actions.some(({ kind }) => kind === "drop")) continue;
        await this.#wait(direction, bytes.length);
        if (!this.#swallowed.has(direction) && !target.destroyed && !target.write(bytes))
          await once(target, "drain", { signal: this.#ended.signal });
      }
      // A half-open link does not tell that a side has gone.
      if (!this.#swallowed.has(direction)) target.end();
    } catch {
      // The connection was torn, here or on either side.
      this.#end("rst");
    }
  }

  async #wait(direction: Direction, byteCount: number): Promise<void> {
    const heldMs = (this.#heldUntilMs.get(direction) ?? 0) - performance.now();
    const throttledMs = (byteCount / this.#bytesPerSecond) * 1_000;
    const ms = Math.max(heldMs, 0) + throttledMs;
    if (ms > 0) await pause(ms, undefined, { signal: this.#ended.signal });
  }

  #end(how: "fin" | "rst"): void {
    for (const socket of [this.#client, this.#server]) {
      if (socket.destroyed) continue;
      if (how === "fin") socket.end(() => socket.destroy());
      else socket.resetAndDestroy();
    }
    this.#ended.abort();
  }
}
