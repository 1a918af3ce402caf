import { uuidv7 } from "uuidv7";
import { type BareConnection, type BareDatabase, insertRows, type Row } from "./bare-database.ts";

/** What is loaded, and how long it may take. */
export interface LoadPlan {
  readonly readerId: string;
  readonly speakerId: string;
  /** A group with a message: its rows are the pattern of what is made. */
  readonly patternId: string;
  readonly messages: number;
  readonly limitMs: number;
}

/** What was loaded. */
export interface Loaded {
  readonly messages: number;
  readonly loadMs: number;
  /** Holds a fifth of the messages. */
  readonly largestId: string;
}

/** Conversations; the reader is in every other one. */
const CONVERSATIONS = 2_000;
const ROWS = 500;
/** Share of the messages that one conversation holds. */
export const LARGEST_SHARE = 0.2;

/** Words that the queries look for, with the share of the messages that hold them. */
const WORDS = [
  { word: "hello", share: 0.3 },
  { word: "火锅", share: 0.001 },
  { word: "quetzalcoatl", share: 0.000_02 },
] as const;

/** Frequent characters, the most frequent first. */
const CHARACTERS =
  "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经" +
  "三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表";

/** Puts conversations and messages into a database beside the chat, which indexes them afterwards. */
export async function loadMessages(database: BareDatabase, plan: LoadPlan): Promise<Loaded> {
  const [connection] = database.connections;
  if (connection === undefined) throw new TypeError("the database has no connection");
  const begin = database.kind === "sqlite" ? "begin immediate" : "begin";
  const ids = Array.from({ length: CONVERSATIONS }, () => uuidv7());
  const startMs = Date.now();
  await connection.query(begin);
  await insertConversations(connection, plan, ids);
  await connection.query("commit");
  const makeMessage = await messageMaker(connection, plan);
  let messages = 0;
  for (const [place, id] of ids.entries()) {
    if (Date.now() - startMs > plan.limitMs) break;
    const share = place === 0 ? LARGEST_SHARE : (1 - LARGEST_SHARE) / (CONVERSATIONS - 1);
    const count = Math.round(plan.messages * share);
    await connection.query(begin);
    for (let seq = 1; seq <= count; seq += ROWS) {
      const rows = Array.from({ length: Math.min(ROWS, count - seq + 1) }, (_, rank) => makeMessage(id, seq + rank));
      await insertRows(connection, "messages", rows);
      const places = rows.map(({ conversation_id = "", seq: own = 0 }) => ({ conversation_id, seq: own }));
      await insertRows(connection, "unindexed_messages", places);
    }
    await connection.query("update conversations set last_seq = ?, last_counted = ? where id = ?", [count, count, id]);
    await connection.query("commit");
    messages += count;
  }
  return { messages, loadMs: Date.now() - startMs, largestId: ids[0] ?? "" };
}

async function insertConversations(
  connection: BareConnection,
  { readerId, speakerId, patternId }: LoadPlan,
  ids: readonly string[],
): Promise<void> {
  const [conversation] = await connection.query("select * from conversations where id = ?", [patternId]);
  const [member] = await connection.query("select * from members where conversation_id = ?", [patternId]);
  const empty = { ...conversation, unique_key: null, last_seq: 0, last_counted: 0, member_count: 2 };
  const fresh = { ...member, read_seq: 0, read_counted: 0, received_seq: 0, min_seq: 0, left_at: 0 };
  for (let start = 0; start < ids.length; start += ROWS) {
    const some = ids.slice(start, start + ROWS);
    const conversations = some.map((id) => ({ ...empty, id }));
    await insertRows(connection, "conversations", conversations);
    const members = some.flatMap((id, rank) => {
      const userIds = (start + rank) % 2 === 0 ? [readerId, speakerId] : [speakerId];
      return userIds.map((userId) => ({ ...fresh, conversation_id: id, user_id: userId }));
    });
    await insertRows(connection, "members", members);
  }
}

/** Gives messages that grow in every key from one to the next, as messages do. */
async function messageMaker(
  connection: BareConnection,
  { speakerId, patternId }: LoadPlan,
): Promise<(conversationId: string, seq: number) => Row> {
  const pattern = "select * from messages where conversation_id = ? and type = 'text'";
  const [message] = await connection.query(pattern, [patternId]);
  if (message === undefined) throw new TypeError("the pattern has no message");
  const random = createRandom(7);
  let count = 0;
  return (conversationId, seq) => ({
    ...message,
    ...{ conversation_id: conversationId, seq, id: uuidv7(), counted: seq, sender_id: speakerId },
    client_message_id: `loaded-${String(count++).padStart(9, "0")}`,
    body: JSON.stringify({ text: textOf(random) }),
  });
}

function textOf(random: () => number): string {
  const length = 6 + Math.floor(random() * 20);
  // The product of two chances prefers the first characters, as a language does.
  let text = "";
  while (text.length < length) text += CHARACTERS[Math.floor(random() * random() * CHARACTERS.length)] ?? "";
  for (const { word, share } of WORDS) if (random() < share) text += ` ${word}`;
  return text;
}

/** Numbers from 0 to 1, the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state / 0x7fff_ffff;
  };
}
