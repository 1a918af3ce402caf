import type { Clock } from "../clock.ts";
import type { ConnectionAdmission } from "../connect.ts";
import type { Connection } from "./connection.ts";

/** How often expired tokens are looked for, in milliseconds. */
const SWEEP_MS = 500;
/** How long a revoked token is remembered for handshakes that were checked before, in milliseconds; longer than any of them takes. */
const MEMORY_MS = 60_000;

/**
 * Closes connections whose token has expired or is revoked. One timer serves them
 * all; it runs only while there are tokens that expire.
 */
export class TokenWatch {
  readonly #clock: Clock;
  /** Connection → when its token expires. */
  readonly #expiries = new Map<Connection, number>();
  readonly #byTokenId = new Map<string, Set<Connection>>();
  /** Token id → until when it is remembered; the first is forgotten first. */
  readonly #revoked = new Map<string, number>();
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins to watch an open connection, if it still is; it is closed at once when its token is no longer good. */
  add(connection: Connection, { tokenId, expiresAtMs }: ConnectionAdmission): void {
    if (connection.state === "closed") return;
    if (tokenId !== undefined) {
      const connections = this.#byTokenId.get(tokenId) ?? new Set<Connection>();
      this.#byTokenId.set(tokenId, connections.add(connection));
    }
    if (expiresAtMs !== undefined) {
      this.#expiries.set(connection, expiresAtMs);
      this.#stop ??= this.#clock.every(SWEEP_MS, () => this.#sweep());
    }
    // Last, because a close may bring the connection's end, and `delete`, within the call.
    if (tokenId !== undefined && this.#isRevoked(tokenId)) connection.close("unauthenticated");
    if (expiresAtMs !== undefined) this.#closeIfExpired(connection, expiresAtMs);
  }

  /** Ends watching a connection. */
  delete(connection: Connection, tokenId: string | undefined): void {
    const connections = tokenId === undefined ? undefined : this.#byTokenId.get(tokenId);
    connections?.delete(connection);
    if (tokenId !== undefined && connections?.size === 0) this.#byTokenId.delete(tokenId);
    this.#expiries.delete(connection);
    if (this.#expiries.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Closes the connections of a token, also those whose handshake is under way. */
  revoke(tokenId: string): void {
    const nowMs = this.#clock.now();
    this.#forgetRevoked(nowMs);
    this.#revoked.delete(tokenId);
    this.#revoked.set(tokenId, nowMs + MEMORY_MS);
    for (const connection of [...(this.#byTokenId.get(tokenId) ?? [])]) connection.close("unauthenticated");
  }

  #isRevoked(tokenId: string): boolean {
    return (this.#revoked.get(tokenId) ?? 0) > this.#clock.now();
  }

  #forgetRevoked(nowMs: number): void {
    for (const [id, untilMs] of this.#revoked) {
      if (untilMs > nowMs) return;
      this.#revoked.delete(id);
    }
  }

  #sweep(): void {
    for (const [connection, expiresAtMs] of [...this.#expiries]) this.#closeIfExpired(connection, expiresAtMs);
  }

  #closeIfExpired(connection: Connection, expiresAtMs: number): void {
    // Turned round so that a time that is no number counts as past.
    if (!(expiresAtMs > this.#clock.now())) connection.close("token_expired");
  }
}
