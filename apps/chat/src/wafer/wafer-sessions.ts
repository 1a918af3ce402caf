import { CHAT_LIMITS, toLine } from "@hutong/chat-api";
import { type Database, isUniqueViolation } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Transaction } from "kysely";
import type { Callers } from "../accounts/callers.ts";
import { hashToken, newOpaqueToken } from "../accounts/opaque-token.ts";
import type { Rates } from "../accounts/rates.ts";
import type { Sessions } from "../accounts/sessions.ts";
import { type CodeToSession, wechatLogin, wechatUserId } from "../accounts/wechat-accounts.ts";
import { ChatError } from "../api/chat-error.ts";
import type { Caller } from "../api/handlers.ts";
import type { Tables } from "../storage/tables.ts";
import type { WechatLogin } from "../wechat/code-to-session.ts";
import { type DecryptedUserData, decryptUserData } from "../wechat/encrypted-data.ts";
import { isSignedUserInfo } from "../wechat/signature.ts";
import type { WaferLoginRequest, WaferSessionKeys } from "./session.ts";

/** What {@link WaferSessions} stands on. */
export interface WaferSessionsParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly sessions: Pick<Sessions, "open">;
  readonly callers: Pick<Callers, "caller">;
  readonly rates: Pick<Rates, "take">;
  /** Of the application, whose data is to be decrypted; `""` where WeChat is not configured. */
  readonly appId: string;
  /** `undefined` where WeChat is not configured. */
  readonly codeToSession: CodeToSession | undefined;
}

/** A wish to log in. */
export interface WaferArrival extends Omit<WaferLoginRequest, "kind"> {
  readonly remoteAddress: string;
  /** Plain user data and WeChat's signature of it, where the client sends them: both are checked. */
  readonly signed?: { readonly rawData: string; readonly signature: string } | undefined;
}

/** A session that a client has just been given. */
export interface OpenedWaferSession {
  readonly id: string;
  readonly skey: string;
  readonly openid: string;
  readonly userId: string;
  readonly loggedInAtMs: number;
}

/** Whom a client's keys stand for. */
export interface WaferIdentity {
  readonly openid: string;
  readonly caller: Caller;
}

/** How long a login is good for. */
export const WAFER_SESSION_MS = 24 * 3_600_000;
/** Logins of one user; beyond it the oldest ends. */
const MAX_SESSIONS = 10;

/**
 * All wafer clients of a user are one of its devices: each login prolongs the device's session and ends no other, because
 * clients that throw each other out would log in again for ever.
 */
const DEVICE = { key: "wafer", platform: "wechat", name: "Wafer" } as const;

/** Logins of wafer clients, and the sessions that stand for them. */
export class WaferSessions {
  readonly #parts: WaferSessionsParts;

  constructor(parts: WaferSessionsParts) {
    this.#parts = parts;
  }

  /**
   * Logs a client in: as somebody new with the user data, without it as somebody who came with it before.
   *
   * @throws {ChatError} `invalid_code` for whatever is wrong with what the client sent, `forbidden` and
   * `account_disabled` for whom may not come in, `rate_limited`, `unavailable`.
   */
  async login({ code, userData, signed, remoteAddress }: WaferArrival): Promise<OpenedWaferSession> {
    const { rates, codeToSession, clock, appId } = this.#parts;
    rates.take("sign_in", { remoteAddress });
    const login = await wechatLogin(codeToSession, code);
    const { openid, sessionKey } = login;
    const nowMs = clock.now();
    const data = userData && decryptUserData(userData, { appId, openid, sessionKey, nowMs });
    const isForged = signed !== undefined && !isSignedUserInfo(signed.rawData, signed.signature, sessionKey);
    if (isForged || (userData !== undefined && data === undefined)) throw new ChatError("invalid_code");
    try {
      return await this.#open(login, data);
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      // Another first login of the same openid was quicker.
      return this.#open(login, data);
    }
  }

  /** `undefined` for keys that are not good, or not good any more. */
  async find({ id, skey }: Omit<WaferSessionKeys, "kind">): Promise<WaferIdentity | undefined> {
    const { database, clock, callers } = this.#parts;
    const row = await database.read
      .selectFrom("wafer_sessions")
      .select(["id", "openid", "session_id"])
      .where("skey_hash", "=", hashToken(skey))
      .where("expires_at", ">", clock.now())
      .executeTakeFirst();
    if (row === undefined || (id !== undefined && id !== row.id)) return undefined;
    const caller = await callers.caller(row.session_id);
    return caller && { openid: row.openid, caller };
  }

  /** What a caller is to mini-programs; `undefined` for whoever never came by one. */
  async identityOf(caller: Caller): Promise<WaferIdentity | undefined> {
    const row = await this.#parts.database.read
      .selectFrom("wechat_profiles")
      .select("openid")
      .where("user_id", "=", caller.userId)
      .executeTakeFirst();
    return row && { openid: row.openid, caller };
  }

  #open(login: WechatLogin, data: DecryptedUserData | undefined): Promise<OpenedWaferSession> {
    const { database, clock } = this.#parts;
    const at = clock.now();
    return database.write(async (transaction) => {
      const { openid } = login;
      if (data === undefined) await requireProfile(transaction, openid);
      const userId = await wechatUserId(transaction, { login, nickname: nicknameOf(data), at });
      if (data !== undefined) await keepProfile(transaction, { data, userId, at });
      const sessionId = await this.#session(transaction, userId, at);
      const [id, skey] = [newOpaqueToken(), newOpaqueToken()];
      const times = { created_at: at, expires_at: at + WAFER_SESSION_MS };
      await transaction
        .insertInto("wafer_sessions")
        .values({ id, skey_hash: hashToken(skey), openid, user_id: userId, session_id: sessionId, ...times })
        .execute();
      await endOldest(transaction, userId, at);
      return { id, skey, openid, userId, loggedInAtMs: at };
    });
  }

  async #session(transaction: Transaction<Tables>, userId: string, at: number): Promise<string> {
    const user = await transaction.selectFrom("users").select("status").where("id", "=", userId).executeTakeFirst();
    if (user?.status !== "active") throw new ChatError("account_disabled");
    const living = await transaction
      .updateTable("sessions")
      .set((eb) => ({
        last_seen_at: at,
        expires_at: eb
          .case()
          .when("expires_at", "<", at + WAFER_SESSION_MS)
          .then(at + WAFER_SESSION_MS)
          .else(eb.ref("expires_at"))
          .end(),
      }))
      .where("user_id", "=", userId)
      .where("device_key", "=", DEVICE.key)
      .where("revoked_at", "=", 0)
      .where("expires_at", ">", at)
      .returning("id")
      .executeTakeFirst();
    if (living !== undefined) return living.id;
    const { sessionId } = await this.#parts.sessions.open(transaction, userId, DEVICE);
    return sessionId;
  }
}

/** `undefined` where WeChat tells none. */
function nicknameOf(data: DecryptedUserData | undefined): string | undefined {
  // Half a surrogate pair is no character.
  const nickname = toLine(data?.nickName ?? "")
    .slice(0, CHAT_LIMITS.nicknameLength)
    .replace(/[\uD800-\uDBFF]$/, "");
  return nickname === "" ? undefined : nickname;
}

async function requireProfile(transaction: Transaction<Tables>, openid: string): Promise<void> {
  const known = await transaction
    .selectFrom("wechat_profiles")
    .select("user_id")
    .where("openid", "=", openid)
    .executeTakeFirst();
  if (known === undefined) throw new ChatError("invalid_code");
}

async function keepProfile(
  transaction: Transaction<Tables>,
  { data, userId, at }: { readonly data: DecryptedUserData; readonly userId: string; readonly at: number },
): Promise<void> {
  const { openid, nickName, avatarUrl } = data;
  const told = { nick_name: nickName, avatar_url: avatarUrl, updated_at: at };
  await transaction
    .insertInto("wechat_profiles")
    .values({ openid, user_id: userId, ...told })
    .onConflict((conflict) => conflict.column("openid").doUpdateSet(told))
    .execute();
}

/** Throws away what has run out, and what is too much. */
async function endOldest(transaction: Transaction<Tables>, userId: string, at: number): Promise<void> {
  await transaction.deleteFrom("wafer_sessions").where("expires_at", "<=", at).execute();
  const rows = await transaction
    .selectFrom("wafer_sessions")
    .select("id")
    .where("user_id", "=", userId)
    .orderBy("created_at", "desc")
    .offset(MAX_SESSIONS)
    .limit(MAX_SESSIONS)
    .execute();
  for (const { id } of rows) await transaction.deleteFrom("wafer_sessions").where("id", "=", id).execute();
}
