import { type Database, PreparedStatement } from "@hutong/database";
import { sql, type Transaction } from "kysely";
import type { MemberRow, MessageRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import type { MessageDraft } from "./message-store.ts";

// What the send transaction reads before it decides: one statement, however many messages and conversations
// there are.

type Engine = Database<Tables>["kind"];

/** What drafts are judged by, beside their conversations. */
export interface DraftFacts {
  /** What is stored under the client message ids of the drafts, by {@link messageKey}. */
  readonly stored: Map<string, MessageRow>;
  /** The rows of those senders that are or were members, by {@link memberKey}. */
  readonly members: Map<string, MemberRow>;
  /** Ids of conversations that a member has hidden. */
  readonly hidden: ReadonlySet<string>;
}

/** One draft. Of a sender who never was a member the member's columns are null. */
interface FactsRow extends Omit<MemberRow, "user_id"> {
  readonly user_id: string | null;
  readonly draft_place: string;
  readonly draft_sender: string;
  readonly draft_id: string;
  readonly stored_count: number;
  readonly hidden_count: number;
}

const FOUND = `draft.place as draft_place, draft.sender_id as draft_sender, draft.client_message_id as draft_id,
  (select count(*) from messages where sender_id = draft.sender_id and client_message_id = draft.client_message_id)
    as stored_count,
  (select count(*) from members where conversation_id = draft.place and hidden = 1) as hidden_count`;

const DRAFT = "select value ->> 0 as place, value ->> 1 as sender_id, value ->> 2 as client_message_id";

const FACTS: Readonly<Record<Engine, PreparedStatement<FactsRow>>> = {
  sqlite: new PreparedStatement(`select members.*, ${FOUND} from (${DRAFT} from json_each(?)) as draft
    left join members on members.conversation_id = draft.place and members.user_id = draft.sender_id`),
  // PostgreSQL takes a list of unknown length for a long one, and would read whole tables to join it: it must not choose.
  // The list is JSON here too, not an array: to PostgreSQL an array that it knows is shorter than one that it does not,
  // and it would plan anew at every call, which takes longer than the statement.
  postgres: new PreparedStatement(`select member.*, ${FOUND} from (${DRAFT} from json_array_elements(?::json)) as draft
    left join lateral (select * from members where conversation_id = draft.place and user_id = draft.sender_id limit 1)
      as member on true`),
};

/** Reads what drafts are judged by. */
export async function readFacts(
  transaction: Transaction<Tables>,
  engine: Engine,
  drafts: readonly MessageDraft[],
): Promise<DraftFacts> {
  const keys = drafts.map(({ conversationId, sender, clientMessageId }) => [
    conversationId,
    sender.id,
    clientMessageId,
  ]);
  const rows = await FACTS[engine].run(transaction, [JSON.stringify(keys)]);
  const members = new Map<string, MemberRow>();
  for (const row of rows) if (isMember(row)) members.set(memberKey(row.conversation_id, row.user_id), row);
  const known = rows.filter((row) => row.stored_count > 0);
  return {
    members,
    stored: known.length === 0 ? new Map() : await readStored(transaction, known),
    hidden: new Set(rows.filter((row) => row.hidden_count > 0).map((row) => row.draft_place)),
  };
}

function isMember(row: FactsRow): row is FactsRow & MemberRow {
  return row.user_id !== null;
}

async function readStored(
  transaction: Transaction<Tables>,
  known: readonly FactsRow[],
): Promise<Map<string, MessageRow>> {
  const keys = known.map((row) => sql`(${row.draft_sender}, ${row.draft_id})`);
  const { rows } = await sql<MessageRow>`select * from messages
    where (sender_id, client_message_id) in (values ${sql.join(keys)})`.execute(transaction);
  return new Map(rows.map((row) => [messageKey(row.sender_id, row.client_message_id ?? ""), row]));
}

/** A message among those of all senders. Ids of senders hold no space. */
export function messageKey(senderId: string, clientMessageId: string): string {
  return `${senderId} ${clientMessageId}`;
}

/** A sender among those of all conversations. Ids of conversations hold no space. */
export function memberKey(conversationId: string, senderId: string): string {
  return `${conversationId} ${senderId}`;
}
