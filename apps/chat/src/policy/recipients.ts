import { type Database, PreparedStatement } from "@hutong/database";
import type { Kysely } from "kysely";
import { readSettings } from "../accounts/account-views.ts";
import type { Tables } from "../storage/tables.ts";
import type { RecipientFacts, SenderKind } from "./decide-send.ts";

/** Who wants to write to whom. */
export interface SenderPair {
  readonly senderId: string;
  readonly senderKind: SenderKind;
  readonly recipientId: string;
}

interface RecipientRow {
  readonly sender_id: string;
  readonly recipient_id: string;
  readonly settings: string;
  readonly blocks: number;
  readonly friendships: number;
  readonly received: number | null;
  readonly sent: number | null;
}

const FACTS = `pair.sender_id, pair.recipient_id, settings,
  (select count(*) from blocks where user_id = pair.recipient_id and blocked_id = pair.sender_id) as blocks,
  (select count(*) from friendships where user_id = pair.recipient_id and friend_id = pair.sender_id) as friendships,
  (select count from stranger_counts where to_id = pair.sender_id and from_id = pair.recipient_id) as received,
  (select count from stranger_counts where to_id = pair.recipient_id and from_id = pair.sender_id) as sent`;

const ONE = new PreparedStatement<RecipientRow>(`select ${FACTS}
  from (select ? as sender_id, ? as recipient_id) as pair
  join users on users.id = pair.recipient_id and status <> 'deleted'`);

const PAIR = "select value ->> 0 as sender_id, value ->> 1 as recipient_id";

const MANY: Readonly<Record<Database<Tables>["kind"], PreparedStatement<RecipientRow>>> = {
  sqlite: new PreparedStatement(`select ${FACTS} from (${PAIR} from json_each(?)) as pair
    cross join users on users.id = pair.recipient_id and status <> 'deleted'`),
  // As with the facts of drafts, PostgreSQL must not choose how to join, nor plan at every call.
  postgres: new PreparedStatement(`select ${FACTS} from (${PAIR} from json_array_elements(?::json)) as pair
    join lateral (select settings from users where id = pair.recipient_id and status <> 'deleted' limit 1) as recipient
      on true`),
};

/** What is known of one recipient; `undefined` when there is no such account. */
export async function readRecipient(executor: Kysely<Tables>, pair: SenderPair): Promise<RecipientFacts | undefined> {
  const [row] = await ONE.run(executor, [pair.senderId, pair.recipientId]);
  return row && toFacts(row, pair);
}

/** What is known of several, by {@link pairKey}, in one statement; those without an account are left out. */
export async function readRecipients(
  executor: Kysely<Tables>,
  engine: Database<Tables>["kind"],
  pairs: Iterable<SenderPair>,
): Promise<Map<string, RecipientFacts>> {
  const distinct = new Map(Array.from(pairs, (pair) => [pairKey(pair), pair]));
  if (distinct.size === 0) return new Map();
  const keys = Array.from(distinct.values(), ({ senderId, recipientId }) => [senderId, recipientId]);
  const found = new Map<string, RecipientFacts>();
  for (const row of await MANY[engine].run(executor, [JSON.stringify(keys)])) {
    const pair = distinct.get(pairKey({ senderId: row.sender_id, recipientId: row.recipient_id }));
    if (pair !== undefined) found.set(pairKey(pair), toFacts(row, pair));
  }
  return found;
}

/** One way between two users. Their ids hold no space. */
export function pairKey({ senderId, recipientId }: Pick<SenderPair, "senderId" | "recipientId">): string {
  return `${senderId} ${recipientId}`;
}

function toFacts(row: RecipientRow, { senderKind }: SenderPair): RecipientFacts {
  const { visitor, user } = readSettings(row).strangers;
  return {
    hasBlocked: row.blocks > 0,
    isFriend: row.friendships > 0,
    hasWritten: (row.received ?? 0) > 0,
    strangerLimit: senderKind === "visitor" ? visitor : user,
    strangerCount: row.sent ?? 0,
  };
}
