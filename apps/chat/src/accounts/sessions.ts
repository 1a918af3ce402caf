import type { accountActions, Device, Session } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Transaction } from "kysely";
import { uuidv7 } from "uuidv7";
import type { z } from "zod";
import { ChatError } from "../api/chat-error.ts";
import type { Caller } from "../api/handlers.ts";
import type { SessionRow, UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import type { AccessTokens } from "./access-tokens.ts";
import type { AccountOptions } from "./account-options.ts";
import { toMe } from "./account-views.ts";
import { endSessions, type WhichSessions } from "./end-sessions.ts";
import { hashToken } from "./opaque-token.ts";
import { lockUser } from "./lock-user.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";

/** The device that signs in. */
export type DeviceInput = z.output<(typeof accountActions)["sign_in"]["input"]>["device"];

/** A session that is in the database, and what its client gets. */
export interface OpenedSession {
  readonly user: UserRow;
  readonly sessionId: string;
  readonly refreshToken: string;
}

/** What {@link Sessions} stands on. */
export interface SessionsParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
  readonly options: Required<AccountOptions>;
}

/** What became of a refresh token. */
export type Refreshed =
  | { readonly kind: "refreshed"; readonly session: OpenedSession }
  | { readonly kind: "refused"; readonly code: "unauthorized" | "account_disabled" }
  /** It was used before, and its session has ended for that. */
  | { readonly kind: "reused" };

/** Signed-in devices. */
export class Sessions {
  readonly #database: Database<Tables>;
  readonly #clock: Clock;
  readonly #accessTokens: AccessTokens;
  readonly #refreshTokens: RefreshTokens;
  readonly #options: Required<AccountOptions>;

  constructor({ database, clock, accessTokens, refreshTokens, options }: SessionsParts) {
    this.#database = database;
    this.#clock = clock;
    this.#accessTokens = accessTokens;
    this.#refreshTokens = refreshTokens;
    this.#options = options;
  }

  /**
   * Signs a device in, and out what the login policy says. The row of the user stays locked until the transaction ends.
   *
   * @throws {ChatError} `account_disabled`.
   */
  async open(transaction: Transaction<Tables>, userId: string, device: DeviceInput): Promise<OpenedSession> {
    const at = this.#clock.now();
    const user = await lockUser(transaction, userId);
    if (user?.status !== "active") throw new ChatError("account_disabled");
    await endSessions(transaction, { userId, which: this.#displacedBy(device), reason: "signed_in_elsewhere", at });
    const sessionId = uuidv7();
    const refreshToken = this.#refreshTokens.first(sessionId);
    const { key: device_key, platform, name: device_name } = device;
    const times = { created_at: at, last_seen_at: at, rotated_at: at, expires_at: at + this.#options.sessionMs };
    const hashes = { token_hash: hashToken(refreshToken), previous_hash: null };
    const alive = { revoked_at: 0, revoked_reason: "" } as const;
    await transaction
      .insertInto("sessions")
      .values({ id: sessionId, user_id: userId, device_key, platform, device_name, ...times, ...hashes, ...alive })
      .execute();
    await this.#endOldest(transaction, userId, at);
    return { user, sessionId, refreshToken };
  }

  /** What the client of a session gets. */
  async answer({ user, sessionId, refreshToken }: OpenedSession): Promise<Session> {
    return {
      me: toMe(user),
      sessionId,
      accessToken: await this.#accessTokens.issue({ userId: user.id, kind: user.kind, sessionId }),
      expiresInMs: this.#accessTokens.lifeMs,
      refreshToken,
    };
  }

  /**
   * Trades a refresh token for the next pair. The token before is taken once more within a short time, while the next
   * was not used, because a client whose answer was lost has no other; a token used at any other time ends its
   * session.
   */
  async refresh(token: string): Promise<Refreshed> {
    const sessionId = this.#refreshTokens.sessionIdOf(token);
    if (sessionId === undefined) return { kind: "refused", code: "unauthorized" };
    return this.#database.write((transaction) => this.#rotate(transaction, sessionId, token));
  }

  /** The living sessions of a user, the latest used first. */
  async list({ userId, sessionId }: Caller): Promise<Device[]> {
    const rows = await this.#database.read
      .selectFrom("sessions")
      .selectAll()
      .where("user_id", "=", userId)
      .where("revoked_at", "=", 0)
      .where("expires_at", ">", this.#clock.now())
      .orderBy("last_seen_at", "desc")
      .orderBy("id", "desc")
      .execute();
    return rows.map(({ id, platform, device_name: name, created_at, last_seen_at }) => ({
      sessionId: id,
      platform,
      name,
      createdAt: created_at,
      lastSeenAt: last_seen_at,
      current: id === sessionId,
    }));
  }

  #displacedBy({ key: deviceKey, platform }: DeviceInput): WhichSessions {
    const { loginPolicy } = this.#options;
    switch (loginPolicy) {
      case "one":
        return { kind: "all" };
      case "one_per_platform":
        return { kind: "device", deviceKey, platform };
      case "all":
        return { kind: "device", deviceKey };
      default:
        return loginPolicy satisfies never;
    }
  }

  async #endOldest(transaction: Transaction<Tables>, userId: string, at: number): Promise<void> {
    const living = await transaction
      .selectFrom("sessions")
      .select("id")
      .where("user_id", "=", userId)
      .where("revoked_at", "=", 0)
      .orderBy("id", "desc")
      .execute();
    for (const { id: sessionId } of living.slice(this.#options.maxSessions))
      await endSessions(transaction, {
        userId,
        which: { kind: "one", sessionId },
        reason: "signed_in_elsewhere",
        at,
      });
  }

  async #rotate(transaction: Transaction<Tables>, sessionId: string, token: string): Promise<Refreshed> {
    const at = this.#clock.now();
    const refreshToken = this.#refreshTokens.next(token);
    const used = hashToken(token);
    const { numUpdatedRows } = await transaction
      .updateTable("sessions")
      .set({ token_hash: hashToken(refreshToken), previous_hash: used, rotated_at: at, last_seen_at: at })
      .set({ expires_at: at + this.#options.sessionMs })
      .where("id", "=", sessionId)
      .where("token_hash", "=", used)
      .where("revoked_at", "=", 0)
      .where("expires_at", ">", at)
      .executeTakeFirst();
    const session = await transaction.selectFrom("sessions").selectAll().where("id", "=", sessionId).executeTakeFirst();
    if (session === undefined || session.revoked_at > 0 || session.expires_at <= at)
      return {
        kind: "refused",
        code: session?.revoked_reason === "account_disabled" ? "account_disabled" : "unauthorized",
      };
    if (numUpdatedRows === 0n && !this.#isRetry(session, used, at)) {
      const which = { kind: "one", sessionId } as const;
      await endSessions(transaction, { userId: session.user_id, which, reason: "session_ended", at });
      return { kind: "reused" };
    }
    const user = await transaction
      .selectFrom("users")
      .selectAll()
      .where("id", "=", session.user_id)
      .executeTakeFirstOrThrow();
    if (user.status !== "active") return { kind: "refused", code: "account_disabled" };
    return { kind: "refreshed", session: { user, sessionId, refreshToken } };
  }

  /** The next token follows from the one before, so the answer is the one that was lost. */
  #isRetry({ previous_hash: before, rotated_at: rotatedAt }: SessionRow, used: string, at: number): boolean {
    return before === used && at - rotatedAt <= this.#options.refreshRetryMs;
  }
}
