import type { User } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import { ChatError } from "../api/chat-error.ts";
import type { UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { endSessions } from "./end-sessions.ts";
import { lockUser } from "./lock-user.ts";
import { insertAccount, orNameTaken } from "./new-account.ts";
import { accountNamed, requireFreeName, setPassword } from "./password-accounts.ts";
import type { Passwords } from "./passwords.ts";
import { toUser } from "./profiles.ts";

/** What {@link UserOperations} needs. */
export interface UserOperationsParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly passwords: Passwords;
}

/** An account as the operator sees it. */
export interface ListedUser extends User {
  readonly status: UserRow["status"];
  readonly createdAt: number;
  readonly lastSeenAt: number;
}

/** A page of accounts. */
export interface UserPage {
  /** Id of the last one of the page before. */
  readonly after?: string;
  /** @defaultValue 100 */
  readonly limit?: number;
}

/** Who does something to whom, and why. */
export interface Sanction {
  readonly userId: string;
  /** `null` for the operator on the command line. */
  readonly actorId: string | null;
  /** For the audit. */
  readonly detail?: string;
}

/**
 * What operators do with accounts, from the command line or by an admin route. Connections end within a second, also
 * those to other processes: theirs look for ended sessions.
 */
export class UserOperations {
  readonly #database: Database<Tables>;
  readonly #clock: Clock;
  readonly #passwords: Passwords;

  constructor({ database, clock, passwords }: UserOperationsParts) {
    this.#database = database;
    this.#clock = clock;
    this.#passwords = passwords;
  }

  /** Accounts and visitors, the oldest first. */
  async list({ after = "", limit = 100 }: UserPage = {}): Promise<ListedUser[]> {
    const rows = await this.#database.read
      .selectFrom("users")
      .selectAll()
      .where("id", ">", after)
      .orderBy("id")
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      ...toUser(row),
      status: row.status,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
    }));
  }

  /**
   * The id of whoever a text names: a user name in whatever case, or an id.
   *
   * @throws {ChatError} `not_found`.
   */
  async find(nameOrId: string): Promise<string> {
    const { read } = this.#database;
    const named = await accountNamed(read, nameOrId);
    if (named !== undefined) return named.id;
    const row = await read.selectFrom("users").select("id").where("id", "=", nameOrId).executeTakeFirst();
    if (row === undefined) throw new ChatError("not_found");
    return row.id;
  }

  /**
   * Makes an account and gives its id. The caller has checked what it gives against the contract's schemas.
   *
   * @throws {ChatError} `name_taken`.
   */
  async add(account: {
    readonly username: string;
    readonly password: string;
    readonly nickname?: string;
  }): Promise<string> {
    const { username, password, nickname } = account;
    await requireFreeName(this.#database, username);
    const passwordHash = await this.#passwords.hash(password);
    const at = this.#clock.now();
    return orNameTaken(
      this.#database.write((transaction) =>
        insertAccount(transaction, { kind: "password", username, passwordHash, nickname, at }),
      ),
    );
  }

  /**
   * Disables an account and ends its sessions; once more changes nothing but the audit.
   *
   * @throws {ChatError} `not_found`.
   */
  async ban(sanction: Sanction): Promise<void> {
    await this.#sanction("user_banned", sanction, async (transaction, at) => {
      const { userId } = sanction;
      await requireChanged(transaction, userId, "disabled");
      await endSessions(transaction, { userId, which: { kind: "all" }, reason: "account_disabled", at });
    });
  }

  /**
   * Enables an account again; its user signs in anew.
   *
   * @throws {ChatError} `not_found`.
   */
  async unban(sanction: Sanction): Promise<void> {
    await this.#sanction("user_unbanned", sanction, (transaction) =>
      requireChanged(transaction, sanction.userId, "active"),
    );
  }

  /**
   * Gives a user with a user name another password, and ends all sessions.
   *
   * @throws {ChatError} `not_found`.
   */
  async setPassword(sanction: Sanction, password: string): Promise<void> {
    const { userId } = sanction;
    const hash = await this.#passwords.hash(password);
    await this.#sanction("password_set", sanction, async (transaction, at) => {
      const user = await lockUser(transaction, userId);
      if (user === undefined || user.username === null) throw new ChatError("not_found");
      await setPassword(transaction, { userId, hash, at });
      await endSessions(transaction, { userId, which: { kind: "all" }, reason: "session_ended", at });
    });
  }

  async #sanction(
    action: string,
    { userId, actorId, detail = "" }: Sanction,
    work: (transaction: Transaction<Tables>, at: number) => Promise<void>,
  ): Promise<void> {
    const at = this.#clock.now();
    await this.#database.write(async (transaction) => {
      await work(transaction, at);
      await transaction
        .insertInto("audit")
        .values({ id: uuidv7(), at, actor_id: actorId, action, target: userId, detail })
        .execute();
    });
  }
}

async function requireChanged(
  transaction: Transaction<Tables>,
  userId: string,
  status: "active" | "disabled",
): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable("users")
    .set({ status })
    .where("id", "=", userId)
    .where("status", "<>", "deleted")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new ChatError("not_found");
}
