import { type Kysely, sql } from "kysely";
import type { Tables } from "../storage/tables.ts";

/** How far a conversation has come. */
export interface ConversationSeqs {
  readonly id: string;
  readonly lastSeq: number;
  readonly changeSeq: number;
  readonly metaSeq: number;
}

/**
 * A transaction takes its time before it commits, and other processes have other clocks: what is asked for
 * is taken from so much earlier. Hearing of a conversation twice costs little, missing it costs a message.
 */
const OVERLAP_MS = 10_000;

/** The user's conversations that moved since a time of the server's clock, the latest first; ones that the user has left included. */
export async function movedConversations(
  executor: Kysely<Tables>,
  userId: string,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<ConversationSeqs[]> {
  const from = since - OVERLAP_MS;
  return executor
    .selectFrom("members")
    .innerJoin("conversations", "conversations.id", "members.conversation_id")
    .select([
      "conversations.id",
      sql<number>`case when left_at > 0 then max_seq else last_seq end`.as("lastSeq"),
      "conversations.change_seq as changeSeq",
      "conversations.meta_seq as metaSeq",
    ])
    .where("members.user_id", "=", userId)
    .where((condition) =>
      condition.or([
        condition("members.updated_at", ">=", from),
        condition.and([condition("conversations.updated_at", ">=", from), condition("members.left_at", "=", 0)]),
      ]),
    )
    .orderBy("conversations.updated_at", "desc")
    .limit(limit)
    .execute();
}
