import { type Database, isUniqueViolation } from "@hutong/database";
import type { Kysely, Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { Tables } from "../storage/tables.ts";
import type { WechatLogin } from "../wechat/code-to-session.ts";
import { WechatError } from "../wechat/wechat-error.ts";
import type { Moderation } from "../wechat/moderation.ts";
import { insertAccount } from "./new-account.ts";
import type { DeviceInput, OpenedSession, Sessions } from "./sessions.ts";

/** Exchanges the code of a `wx.login`; rejects with a `WechatError`. */
export type CodeToSession = (code: string) => Promise<WechatLogin>;

/** What signing in with WeChat needs. */
export interface WechatAccountParts {
  readonly database: Database<Tables>;
  readonly sessions: Sessions;
}

/** Whoever comes by WeChat. */
export interface WechatArrival {
  readonly login: WechatLogin;
  readonly nickname: string | undefined;
  readonly device: DeviceInput;
  readonly at: number;
}

/**
 * Whom a login code stands for.
 *
 * @throws {ChatError} `invalid_code`, `forbidden` when WeChat bars the user, `unavailable` when WeChat cannot be asked.
 */
export async function wechatLogin(codeToSession: CodeToSession | undefined, code: string): Promise<WechatLogin> {
  if (codeToSession === undefined)
    throw new ChatError("unavailable", { message: "Signing in with WeChat is not configured" });
  try {
    return await codeToSession(code);
  } catch (cause) {
    if (!(cause instanceof WechatError)) throw cause;
    const isCallers = cause.code === "invalid_code" || cause.code === "forbidden";
    throw new ChatError(isCallers ? cause.code : "unavailable", { cause });
  }
}

/**
 * Has WeChat judge the name of somebody new; whoever is known keeps the name that is stored.
 *
 * @throws {ChatError} `content_rejected`.
 */
export async function requireNewName(
  {
    database,
    moderation,
  }: { readonly database: Database<Tables>; readonly moderation?: Pick<Moderation, "checkText"> | undefined },
  openid: string,
  nickname: string,
): Promise<void> {
  if (moderation === undefined || (await knownUserId(database.read, openid)) !== undefined) return;
  const { suggest } = await moderation.checkText(nickname, { openid, scene: "profile" });
  if (suggest === "risky") throw new ChatError("content_rejected");
}

/** Signs the account of an openid in; the first time makes it. */
export async function openWechatSession(
  { database, sessions }: WechatAccountParts,
  arrival: WechatArrival,
): Promise<OpenedSession> {
  const attempt = (): Promise<OpenedSession> =>
    database.write(async (transaction) =>
      sessions.open(transaction, await wechatUserId(transaction, arrival), arrival.device),
    );
  try {
    return await attempt();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    // Another first login of the same openid was quicker, so its account is there now.
    return attempt();
  }
}

/** The account of an openid; the first time makes it. Rejects as the database does when another first login is quicker. */
export async function wechatUserId(
  transaction: Transaction<Tables>,
  { login: { openid }, nickname, at }: Omit<WechatArrival, "device">,
): Promise<string> {
  const known = await knownUserId(transaction, openid);
  if (known !== undefined) return known;
  const userId = await insertAccount(transaction, { kind: "wechat", nickname, at });
  await transaction
    .insertInto("identities")
    .values({ provider: "wechat", subject: openid, user_id: userId, secret: "", created_at: at })
    .execute();
  return userId;
}

async function knownUserId(executor: Kysely<Tables>, openid: string): Promise<string | undefined> {
  const identity = await executor
    .selectFrom("identities")
    .select("user_id")
    .where("provider", "=", "wechat")
    .where("subject", "=", openid)
    .executeTakeFirst();
  return identity?.user_id;
}
