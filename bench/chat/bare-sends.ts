import { uuidv7 } from "uuidv7";
import type { BareConnection, BareDatabase, Value } from "./bare-database.ts";
import { type Figures, figuresOf } from "./figures.ts";
import type { Speech } from "./speech.ts";

/** How the control works. */
export interface BareOptions {
  readonly warmMs: number;
  readonly measuredMs: number;
  /** Messages in one transaction. */
  readonly batch: number;
}

/**
 * The control: what the chat's send transaction reads and writes for a message, on the same database, from the driver and
 * with nothing around it. Statements are prepared as the chat's are. Every connection of the driver works for itself.
 */
export async function sendBare(
  { kind, connections }: BareDatabase,
  speech: Speech,
  { warmMs, measuredMs, batch }: BareOptions,
): Promise<Figures> {
  const startMs = performance.now() + warmMs;
  const endMs = startMs + measuredMs;
  const delaysMs: number[] = [];
  let next = 0;
  const before = process.cpuUsage();
  const work = async (connection: BareConnection): Promise<void> => {
    while (performance.now() < endMs) {
      const begunMs = performance.now();
      const begun = connection.query(kind === "sqlite" ? "begin immediate" : "begin");
      for (let count = 0; count < batch; count++) await insertOne(connection, kind, speech.turn(next++));
      await begun;
      await connection.query("commit");
      const nowMs = performance.now();
      if (begunMs >= startMs && nowMs <= endMs)
        for (let count = 0; count < batch; count++) delaysMs.push(nowMs - begunMs);
    }
  };
  // Several connections with many messages each would wait for each other's locks in a circle.
  await Promise.all((batch === 1 ? connections : connections.slice(0, 1)).map(work));
  const { user, system } = process.cpuUsage(before);
  return figuresOf({ delaysMs, measuredMs, cpuMicros: user + system, count: next });
}

async function insertOne(
  connection: BareConnection,
  kind: BareDatabase["kind"],
  { conversationId, senderId, peerId, text }: ReturnType<Speech["turn"]>,
): Promise<void> {
  const query = (statement: string, values: readonly Value[]) => connection.prepared(statement, values);
  const [now, id] = [Date.now(), uuidv7()];
  const lock = kind === "postgres" ? " for update" : "";
  const [conversation] = await query(`select * from conversations where id = ?${lock}`, [conversationId]);
  await query(FACTS, [senderId, id, conversationId, conversationId, senderId]);
  if (peerId !== undefined)
    await query(RECIPIENT, [peerId, senderId, peerId, senderId, senderId, peerId, peerId, senderId, peerId]);
  const [seq, counted] = [Number(conversation?.["last_seq"]) + 1, Number(conversation?.["last_counted"]) + 1];
  const writes: readonly (readonly [string, readonly Value[]])[] = [
    [
      INSERT,
      [
        ...[conversationId, seq, id, counted, senderId, null, id, id, "text", JSON.stringify({ text })],
        ...[0, "[]", 0, 0, "sent", null, 1, 0, now],
      ],
    ],
    [NOTE, [conversationId, seq]],
    [MARK, [seq, counted, seq, now, conversationId, senderId]],
    [COUNT, [seq, counted, now, now, conversationId]],
  ];
  if (kind === "sqlite") for (const [statement, values] of writes) await query(statement, values);
  else
    await query(
      WRITE_TOGETHER,
      writes.flatMap(([, values]) => values),
    );
}

/** What the transaction reads of the sender and of an earlier message under the same id. */
const FACTS = `select members.*,
  (select count(*) from messages where sender_id = ? and client_message_id = ?) as stored_count,
  (select count(*) from members where conversation_id = ? and hidden = 1) as hidden_count
  from members where conversation_id = ? and user_id = ?`;

/** What the policy asks of the other one of a direct conversation. */
const RECIPIENT = `select settings,
  (select count(*) from blocks where user_id = ? and blocked_id = ?) as blocks,
  (select count(*) from friendships where user_id = ? and friend_id = ?) as friendships,
  (select count from stranger_counts where to_id = ? and from_id = ?) as received,
  (select count from stranger_counts where to_id = ? and from_id = ?) as sent
  from users where id = ? and status <> 'deleted'`;

const INSERT = `insert into messages (conversation_id, seq, id, counted, sender_id, sender_name, client_message_id,
  content_hash, type, body, reply_to, mentions, mentions_all, forwarded, state, recalled_by, version, edited_at,
  created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const NOTE = "insert into unindexed_messages (conversation_id, seq) values (?, ?)";
const MARK = `update members set read_seq = ?, read_counted = ?, received_seq = ?, last_sent_at = ?, marked_unread = 0
  where conversation_id = ? and user_id = ?`;
const COUNT = `update conversations set last_seq = ?, last_counted = ?, mention_all_seq = 0, last_message_at = ?,
  updated_at = ? where id = ?`;
/** On PostgreSQL the chat writes with one statement too. */
const WRITE_TOGETHER = `with sent as (${INSERT}), noted as (${NOTE}), marked as (${MARK}) ${COUNT}`;
