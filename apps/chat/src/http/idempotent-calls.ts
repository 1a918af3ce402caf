import { createHash } from "node:crypto";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { ChatError } from "../api/chat-error.ts";
import type { Tables } from "../storage/tables.ts";

/** A call that its caller may repeat. */
export interface IdempotentCall {
  readonly userId: string;
  /** The caller's name for it: the header `Idempotency-Key`. */
  readonly key: string;
  /** What is asked, to tell a repetition from another call under the same key. */
  readonly request: object;
}

const MAX_KEY_LENGTH = 128;
const RETENTION_MS = 24 * 3_600_000;

/**
 * Gives a call that is repeated under the same key the answer of the first one, for a day. A call that failed may be
 * tried again. Of two at the same time the second is told to come back.
 */
export class IdempotentCalls {
  readonly #database: Database<Tables>;
  readonly #clock: Clock;
  readonly #running = new Set<string>();

  constructor(database: Database<Tables>, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** @throws {ChatError} `idempotency_conflict` when the key was used for another call, `unavailable` while the first one runs. */
  async once(call: IdempotentCall, run: () => Promise<object>): Promise<object> {
    const { userId, key } = call;
    if (key === "" || key.length > MAX_KEY_LENGTH)
      throw new ChatError("bad_request", { message: `An idempotency key has 1 to ${MAX_KEY_LENGTH} characters` });
    const hash = createHash("sha256").update(JSON.stringify(call.request)).digest("base64url");
    const name = `${userId}\n${key}`;
    if (this.#running.has(name)) throw new ChatError("unavailable", { retryAfterMs: 1_000 });
    this.#running.add(name);
    try {
      const known = await this.#answered(call, hash);
      if (known !== undefined) return known;
      const output = await run();
      await this.#keep(call, hash, output);
      return output;
    } finally {
      this.#running.delete(name);
    }
  }

  /** Forgets answers that are too old. */
  async trim(): Promise<void> {
    const before = this.#clock.now() - RETENTION_MS;
    await this.#database.write((transaction) =>
      transaction.deleteFrom("idempotency").where("created_at", "<", before).execute(),
    );
  }

  async #answered({ userId, key }: IdempotentCall, hash: string): Promise<object | undefined> {
    const row = await this.#database.read
      .selectFrom("idempotency")
      .select(["request_hash", "body"])
      .where("user_id", "=", userId)
      .where("key", "=", key)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    if (row.request_hash !== hash) throw new ChatError("idempotency_conflict");
    return JSON.parse(row.body) as object; // #keep wrote it from an object
  }

  async #keep({ userId, key }: IdempotentCall, hash: string, output: object): Promise<void> {
    const row = {
      user_id: userId,
      key,
      request_hash: hash,
      body: JSON.stringify(output),
      created_at: this.#clock.now(),
    };
    await this.#database.write((transaction) =>
      transaction
        .insertInto("idempotency")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
  }
}
