import type { Member } from "@hutong/chat-api";
import { type Kysely, sql } from "kysely";
import { readUsers } from "../accounts/profiles.ts";
import type { MemberRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";

const RANK = sql<number>`case role when 'owner' then 0 when 'admin' then 1 else 2 end`;

/** A page of a conversation's members. */
export interface MemberPage {
  readonly members: Member[];
  /** The user that the next page begins after; `null` on the last one. */
  readonly next: string | null;
}

/** The members: owner, admins, then by the time of joining. */
export async function listMembers(
  executor: Kysely<Tables>,
  conversationId: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<MemberPage> {
  let query = executor
    .selectFrom("members")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("left_at", "=", 0);
  if (after !== undefined)
    query = query.where(
      sql<boolean>`(${RANK}, joined_at, user_id) > (select ${RANK}, joined_at, user_id from members
        where conversation_id = ${conversationId} and user_id = ${after})`,
    );
  const rows = await query
    .orderBy(RANK)
    .orderBy("joined_at")
    .orderBy("user_id")
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  return {
    members: await memberViews(executor, page),
    next: rows.length > limit ? (page.at(-1)?.user_id ?? null) : null,
  };
}

/** Members as the others see them, in the order of the rows. */
export async function memberViews(executor: Kysely<Tables>, rows: readonly MemberRow[]): Promise<Member[]> {
  const users = new Map(
    (
      await readUsers(
        executor,
        rows.map((row) => row.user_id),
      )
    ).map((user) => [user.id, user]),
  );
  return rows.flatMap((row) => {
    const user = users.get(row.user_id);
    if (user === undefined) return [];
    const { role, alias, muted_until: mutedUntil, joined_at: joinedAt, read_seq: readSeq } = row;
    return [{ user, role, alias, mutedUntil, joinedAt, readSeq, receivedSeq: row.received_seq }];
  });
}
