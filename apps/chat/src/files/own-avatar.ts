import type { Kysely } from "kysely";
import type { Tables } from "../storage/tables.ts";

/** Whether a file is one that its owner has stored for the profile. */
export async function isOwnAvatar(executor: Kysely<Tables>, userId: string, fileId: string): Promise<boolean> {
  const row = await executor
    .selectFrom("files")
    .select("id")
    .where("id", "=", fileId)
    .where("owner_id", "=", userId)
    .where("purpose", "=", "profile")
    .executeTakeFirst();
  return row !== undefined;
}
