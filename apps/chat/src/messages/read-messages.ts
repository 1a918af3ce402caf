import type { ActionOutput, Change, ParsedInput } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { sql } from "kysely";
import type { Profiles } from "../accounts/profiles.ts";
import { ChatError } from "../api/chat-error.ts";
import { requireMember } from "../conversations/membership.ts";
import type { MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { messageViews, namedUsers } from "./message-views.ts";
import { type Sight, sightOf, visibleMessage, visibleMessages } from "./visible-messages.ts";

/** A client that is further behind loads the messages anew. */
const MAX_CHANGES = 500;
/** In larger groups, and after this time, only the number of readers is told. */
const MAX_LISTED_MEMBERS = 200;
const LISTED_FOR_MS = 3 * 24 * 3_600_000;

/** What reading needs. */
export interface ReadParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly profiles: Pick<Profiles, "users">;
}

/** One page of a conversation, for somebody who is or was in it. */
export async function pullMessages(
  { database: { read }, profiles }: ReadParts,
  input: ParsedInput<"pull_messages">,
  userId: string,
): Promise<ActionOutput<"pull_messages">> {
  const { conversation, member } = await requireMember(read, input.conversationId, userId);
  const sight = sightOf(conversation, member);
  const { rows, more } = await page({ database: read, sight, input });
  const messages = await messageViews(read, rows, userId);
  const users = await profiles.users(namedUsers(messages));
  return { messages, users, more, lastSeq: sight.top, changeSeq: conversation.change_seq };
}

async function page({
  database,
  sight,
  input: { before, after, around, limit },
}: {
  readonly database: Database<Tables>["read"];
  readonly sight: Sight;
  readonly input: ParsedInput<"pull_messages">;
}): Promise<{ readonly rows: MessageRow[]; readonly more: boolean }> {
  if ([before, after, around].filter((place) => place !== undefined).length > 1)
    throw new ChatError("bad_request", { message: "give one of `before`, `after` and `around`" });
  const end = sight.top + 1;
  if (after !== undefined) return visibleMessages(database, sight, { above: after, below: end, from: "oldest", limit });
  if (around === undefined)
    return visibleMessages(database, sight, { above: 0, below: before ?? end, from: "newest", limit });
  const olderLimit = Math.ceil(limit / 2);
  const older = await visibleMessages(database, sight, {
    above: 0,
    below: around + 1,
    from: "newest",
    limit: olderLimit,
  });
  const newerLimit = limit - older.rows.length;
  const newer = await visibleMessages(database, sight, {
    above: around,
    below: end,
    from: "oldest",
    limit: newerLimit,
  });
  return { rows: [...older.rows, ...newer.rows], more: older.more || newer.more };
}

/** The changes of a conversation after one, as far as they touch what the user can see. */
export async function pullChanges(
  { database: { read }, profiles }: ReadParts,
  { conversationId, after }: ParsedInput<"pull_changes">,
  userId: string,
): Promise<ActionOutput<"pull_changes">> {
  const { conversation, member } = await requireMember(read, conversationId, userId);
  const changeSeq = conversation.change_seq;
  if (changeSeq - after > MAX_CHANGES) return { changes: [], users: [], changeSeq, reload: true };
  const { floor, top } = sightOf(conversation, member);
  const steps = await read
    .selectFrom("message_changes")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("change_seq", ">", after)
    .where("change_seq", "<=", changeSeq)
    .where("seq", ">", floor)
    .where("seq", "<=", top)
    .orderBy("change_seq")
    .execute();
  const seqs = [...new Set(steps.map(({ seq }) => seq))];
  const rows = seqs.length === 0 ? [] : await rowsAt(read, conversationId, seqs);
  const messages = new Map((await messageViews(read, rows, userId)).map((message) => [message.seq, message]));
  const changes = steps.flatMap((step): Change[] => {
    const message = messages.get(step.seq);
    if (message === undefined) return [];
    return [{ conversationId, changeSeq: step.change_seq, kind: step.kind, actorId: step.actor_id, message }];
  });
  const named = namedUsers(messages.values());
  for (const { actorId } of changes) named.add(actorId);
  return { changes, users: await profiles.users(named), changeSeq, reload: false };
}

/** The messages of a conversation at some seqs. */
export function rowsAt(
  executor: Database<Tables>["read"],
  conversationId: string,
  seqs: readonly number[],
): Promise<MessageRow[]> {
  return executor
    .selectFrom("messages")
    .selectAll()
    .where("conversation_id", "=", conversationId)
    .where("seq", "in", seqs)
    .orderBy("seq")
    .execute();
}

/** Who has read a message, for its sender. */
export async function listReaders(
  { database: { read }, clock, profiles }: ReadParts,
  { conversationId, seq }: ParsedInput<"list_readers">,
  userId: string,
): Promise<ActionOutput<"list_readers">> {
  const { conversation, member } = await requireMember(read, conversationId, userId);
  const row = await visibleMessage(read, sightOf(conversation, member), seq);
  if (row.sender_id !== userId) throw new ChatError("forbidden");
  const { rows } = await sql<{ readonly members: number; readonly readers: number }>`select count(*) as members,
    coalesce(cast(sum(case when read_seq >= ${seq} then 1 else 0 end) as bigint), 0) as readers
    from members where conversation_id = ${conversationId} and left_at = 0 and user_id <> ${userId}
    and joined_at <= ${row.created_at}`.execute(read);
  const { members: memberCount = 0, readers: readCount = 0 } = rows[0] ?? {};
  const isListed =
    conversation.type !== "room" && memberCount < MAX_LISTED_MEMBERS && clock.now() - row.created_at <= LISTED_FOR_MS;
  const readers = isListed ? await readersOf(read, row) : [];
  return { users: await profiles.users(readers), readCount, memberCount };
}

/** Who came later has not read what was said before, although its mark stands behind it. */
async function readersOf(executor: Database<Tables>["read"], row: MessageRow): Promise<string[]> {
  const rows = await executor
    .selectFrom("members")
    .select("user_id")
    .where("conversation_id", "=", row.conversation_id)
    .where("read_seq", ">=", row.seq)
    .where("left_at", "=", 0)
    .where("user_id", "<>", row.sender_id)
    .where("joined_at", "<=", row.created_at)
    .orderBy("user_id")
    .execute();
  return rows.map(({ user_id: id }) => id);
}
