import type { Kysely } from "kysely";
import type { Tables } from "../storage/tables.ts";

/** WeChat's name for a user; `undefined` for whoever did not come by WeChat. */
export async function openidOf(executor: Kysely<Tables>, userId: string): Promise<string | undefined> {
  const row = await executor
    .selectFrom("identities")
    .select("subject")
    .where("user_id", "=", userId)
    .where("provider", "=", "wechat")
    .executeTakeFirst();
  return row?.subject;
}
