import type { User } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { type Clock, systemClock } from "@hutong/server/plugin";
import type { Kysely } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

/** Ids in one statement; engines limit the number of parameters. */
const MAX_IDS = 500;
const MAX_CACHED = 20_000;
/** How long a profile is taken for true that another process may have changed. */
const CACHE_MS = 10_000;

const COLUMNS = ["id", "kind", "display_username", "nickname", "avatar"] as const;

/** The profile in a user's row. */
export function toUser({
  id,
  kind,
  display_username: username,
  nickname,
  avatar,
}: Pick<UserRow, (typeof COLUMNS)[number]>): User {
  return { id, kind, username, nickname, avatar };
}

/** Profiles in the order of the ids, each once; ids of nobody are left out. For use inside transactions too. */
export async function readUsers(executor: Kysely<Tables>, ids: Iterable<string>): Promise<User[]> {
  const distinct = [...new Set(ids)];
  const found = new Map<string, User>();
  for (let start = 0; start < distinct.length; start += MAX_IDS) {
    const rows = await executor
      .selectFrom("users")
      .select(COLUMNS)
      .where("id", "in", distinct.slice(start, start + MAX_IDS))
      .execute();
    for (const row of rows) found.set(row.id, toUser(row));
  }
  return distinct.flatMap((id) => found.get(id) ?? []);
}

/**
 * The profile of one user.
 *
 * @throws {ChatError} `not_found`.
 */
export async function readUser(executor: Kysely<Tables>, id: string): Promise<User> {
  const [user] = await readUsers(executor, [id]);
  if (user === undefined) throw new ChatError("not_found");
  return user;
}

/**
 * Profiles with a memory: the same few hundred are asked for again and again. What this process changes is seen at
 * once, after {@link Profiles.forget}; what another one changes, ten seconds later. Must not be used inside a
 * transaction, which it does not see and whose connection it would not share.
 */
export class Profiles {
  readonly #database: Database<Tables>;
  readonly #clock: Clock;
  /** In the order of reading. */
  readonly #cached = new Map<string, { readonly user: User; readonly untilMs: number }>();
  /** Counts calls of `forget`, so that what was read before one is not remembered after it. */
  #forgotten = 0;

  constructor(database: Database<Tables>, clock: Clock = systemClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Profiles in the order of the ids, each once; ids of nobody are left out. */
  async users(ids: Iterable<string>): Promise<User[]> {
    const distinct = [...new Set(ids)];
    const found = new Map<string, User>();
    const now = this.#clock.now();
    for (const id of distinct) {
      const cached = this.#cached.get(id);
      if (cached !== undefined && cached.untilMs > now) found.set(id, cached.user);
    }
    const forgotten = this.#forgotten;
    const missing = distinct.filter((id) => !found.has(id));
    for (const user of await readUsers(this.#database.read, missing)) {
      found.set(user.id, user);
      if (forgotten === this.#forgotten) this.#remember(user, now + CACHE_MS);
    }
    return distinct.flatMap((id) => found.get(id) ?? []);
  }

  /**
   * The profile of one user.
   *
   * @throws {ChatError} `not_found`.
   */
  async user(id: string): Promise<User> {
    const [user] = await this.users([id]);
    if (user === undefined) throw new ChatError("not_found");
    return user;
  }

  /** Says that a profile has changed. */
  forget(id: string): void {
    this.#forgotten++;
    this.#cached.delete(id);
  }

  #remember(user: User, untilMs: number): void {
    this.#cached.delete(user.id);
    this.#cached.set(user.id, { user, untilMs });
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size <= MAX_CACHED) break;
      this.#cached.delete(oldest);
    }
  }
}
