import type { Database } from "@hutong/database";
import type { Server } from "@hutong/server";
import type { Clock } from "@hutong/server/plugin";
import { type Inbox } from "../inbox/inbox.ts";
import { inboxTopic } from "../inbox/news.ts";
import type { Tables } from "../storage/tables.ts";
import type { Callers } from "./callers.ts";

// Sessions end in the database, wherever somebody writes to it: in this process, in another one, or from the command
// line. So every process looks for what has ended lately. The times are of the clocks that wrote them, and a
// transaction commits after the time it took; hence each look goes back further than the last one, and what was found
// twice is told once.

const INTERVAL_MS = 500;
/** How far clocks may differ, together with the longest transaction. */
const OVERLAP_MS = 15_000;

/** What {@link RevocationWatch} needs. */
export interface RevocationWatchParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly server: Pick<Server, "revoke">;
  readonly callers: Callers;
  /** Hears why a look failed; the next one makes up for it. */
  readonly failed: (error: unknown) => void;
}

/** Ends the connections of sessions that have ended, within a second, after telling them why. */
export class RevocationWatch {
  readonly #parts: RevocationWatchParts;
  /** Time of the last look that succeeded. */
  #lookedAt: number;
  /** Session → when it ended. */
  readonly #told = new Map<string, number>();
  #looking: Promise<void> | undefined;
  #isAskedAgain = false;
  #stop: (() => void) | undefined;
  #isClosed = false;

  constructor(parts: RevocationWatchParts) {
    this.#parts = parts;
    this.#lookedAt = parts.clock.now();
  }

  /** Begins to look every half second. */
  start(): void {
    this.#stop ??= this.#parts.clock.every(INTERVAL_MS, () => void this.look());
  }

  /** Looks when the events of this moment have been handled: the answer to whoever signs out is on its way by then. */
  lookSoon(): void {
    this.#parts.clock.soon(() => void this.look());
  }

  /** Looks now; resolves when everything that was committed before the call has been told. Never rejects. */
  look(): Promise<void> {
    if (this.#isClosed) return this.#looking ?? Promise.resolve();
    if (this.#looking !== undefined) this.#isAskedAgain = true;
    return (this.#looking ??= this.#lookAll());
  }

  /** Stops looking, and waits for a look that is under way; those that were asked for and have not begun are dropped. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop?.();
    this.#stop = undefined;
    await this.#looking;
  }

  async #lookAll(): Promise<void> {
    do {
      this.#isAskedAgain = false;
      try {
        await this.#lookOnce();
      } catch (error) {
        this.#parts.failed(error);
      }
    } while (this.#isAskedAgain);
    // In the same turn as the question above, so that no call comes between the two.
    this.#looking = undefined;
  }

  async #lookOnce(): Promise<void> {
    const { database, clock } = this.#parts;
    const at = clock.now();
    const since = Math.min(at, this.#lookedAt) - OVERLAP_MS;
    const ended = await database.read
      .selectFrom("sessions")
      .select(["id", "user_id", "revoked_at", "revoked_reason"])
      .where("revoked_at", ">", since)
      .orderBy("revoked_at")
      .execute();
    for (const { id, user_id: userId, revoked_at: endedAt, revoked_reason: reason } of ended) {
      if (this.#told.has(id) || reason === "") continue;
      this.#parts.callers.forget(id);
      this.#parts.inbox.publish([
        { topics: [inboxTopic(userId)], event: "kicked", payload: { sessionId: id, reason } },
      ]);
      this.#parts.server.revoke(id);
      this.#told.set(id, endedAt);
    }
    for (const [id, endedAt] of this.#told) if (endedAt <= since) this.#told.delete(id);
    this.#lookedAt = at;
  }
}
