import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Tables } from "../storage/tables.ts";
import { hashToken, newOpaqueToken } from "./opaque-token.ts";

/** What {@link Tickets} stands on. */
export interface TicketsParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly lifeMs: number;
}

/** Tickets for one handshake each: browsers put them in an address, where a token that lives longer must not be. */
export class Tickets {
  /** Life of a ticket, in milliseconds. */
  readonly lifeMs: number;
  readonly #database: Database<Tables>;
  readonly #clock: Clock;

  constructor({ database, clock, lifeMs }: TicketsParts) {
    this.lifeMs = lifeMs;
    this.#database = database;
    this.#clock = clock;
  }

  /** Makes a ticket for a session. */
  async create(sessionId: string): Promise<string> {
    const ticket = newOpaqueToken();
    const expiresAt = this.#clock.now() + this.lifeMs;
    await this.#database.write((transaction) =>
      transaction
        .insertInto("tickets")
        .values({ hash: hashToken(ticket), session_id: sessionId, expires_at: expiresAt })
        .execute(),
    );
    return ticket;
  }

  /** The session that a ticket is for; from then on the ticket is used. `undefined` when it is not good any more. */
  async redeem(ticket: string): Promise<string | undefined> {
    const hash = hashToken(ticket);
    const at = this.#clock.now();
    // Anybody can send anything here, and should not keep the only writer busy with it.
    const known = await this.#database.read.selectFrom("tickets").select("hash").where("hash", "=", hash).execute();
    if (known.length === 0) return undefined;
    return this.#database.write(async (transaction) => {
      const ticketRow = await transaction
        .deleteFrom("tickets")
        .where("hash", "=", hash)
        .returningAll()
        .executeTakeFirst();
      if (ticketRow === undefined || ticketRow.expires_at <= at) return undefined;
      const { session_id: sessionId } = ticketRow;
      await transaction.updateTable("sessions").set({ last_seen_at: at }).where("id", "=", sessionId).execute();
      return sessionId;
    });
  }
}
