import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Caller } from "../api/handlers.ts";
import type { Tables } from "../storage/tables.ts";

/** How long a living session is taken for living without another look. */
const CACHE_MS = 1_000;
const MAX_CACHED = 20_000;

/** Whose a session is, as long as it lives. What ends in another process is noticed within a second. */
export class Callers {
  readonly #database: Database<Tables>;
  readonly #clock: Clock;
  /** In the order of looking. */
  readonly #cached = new Map<string, { readonly caller: Caller; readonly untilMs: number }>();

  constructor(database: Database<Tables>, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** `undefined` when the session has ended, has expired or its user is disabled. */
  async caller(sessionId: string): Promise<Caller | undefined> {
    const now = this.#clock.now();
    const cached = this.#cached.get(sessionId);
    if (cached !== undefined && cached.untilMs > now) return cached.caller;
    this.#cached.delete(sessionId);
    const row = await this.#database.read
      .selectFrom("sessions")
      .innerJoin("users", "users.id", "sessions.user_id")
      .select(["users.id", "users.kind"])
      .where("sessions.id", "=", sessionId)
      .where("sessions.revoked_at", "=", 0)
      .where("sessions.expires_at", ">", now)
      .where("users.status", "=", "active")
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const caller: Caller = { userId: row.id, kind: row.kind, sessionId };
    this.#remember(caller, now + CACHE_MS);
    return caller;
  }

  /** Says that a session or its user has changed. */
  forget(sessionId: string): void {
    this.#cached.delete(sessionId);
  }

  #remember(caller: Caller, untilMs: number): void {
    this.#cached.set(caller.sessionId, { caller, untilMs });
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size <= MAX_CACHED) break;
      this.#cached.delete(oldest);
    }
  }
}
