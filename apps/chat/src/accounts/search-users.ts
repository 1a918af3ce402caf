import type { User } from "@hutong/chat-api";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../storage/tables.ts";
import { toUser } from "./profiles.ts";

const MAX_FOUND = 20;

/** Who asks for whom. */
export interface UserSearch {
  /** Not empty. */
  readonly query: string;
  /** Is not found. */
  readonly callerId: string;
}

/**
 * Users whose user name or nickname holds a text, whatever its case: first the one with exactly that user name, then
 * those that begin with it, then the others, by name. Visitors, disabled and deleted accounts are not found.
 */
export async function searchUsers(executor: Kysely<Tables>, { query, callerId }: UserSearch): Promise<User[]> {
  const literal = query.replaceAll(/[\\%_]/g, String.raw`\$&`);
  const like = (column: "username" | "nickname", pattern: string) =>
    sql<boolean>`lower(${sql.ref(column)}) like lower(${pattern}) escape '\\'`;
  const isAnywhere = sql<boolean>`(${like("username", `%${literal}%`)} or ${like("nickname", `%${literal}%`)})`;
  const isPrefix = sql<boolean>`(${like("username", `${literal}%`)} or ${like("nickname", `${literal}%`)})`;
  const rank = sql<number>`case when ${like("username", literal)} then 0 when ${isPrefix} then 1 else 2 end`;
  const rows = await executor
    .selectFrom("users")
    .selectAll()
    .where("kind", "=", "user")
    .where("status", "=", "active")
    .where("id", "<>", callerId)
    .where(isAnywhere)
    .orderBy(rank)
    .orderBy("nickname")
    .orderBy("id")
    .limit(MAX_FOUND)
    .execute();
  return rows.map(toUser);
}
