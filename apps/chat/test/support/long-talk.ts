import { openDatabase } from "@hutong/database";
import { sql } from "kysely";
import type { Tables } from "../../src/storage/tables.ts";
import { makeApiFriends, say } from "./api-friends.ts";
import type { RunningChat } from "./running-chat.ts";

/** A conversation of two people in which much was said. */
export interface LongTalk {
  /** User names. */
  readonly reader: string;
  readonly speaker: string;
}

/** Between two messages, in milliseconds: 1,440 of them make a day. */
const STEP_MS = 60_000;
/** Said by one before it is the other one's turn. */
const RUN = 3;
/** One message in so many is several lines long. */
const LONG_EVERY = 11;

/** What was said. */
export interface LongTalkPlan {
  readonly count: number;
  /** Up to where the reader has read. */
  readonly read: number;
  /** The end of the first message, which alone can be found by a search. */
  readonly firstWord: string;
}

/**
 * Makes two friends and puts many messages into their conversation, beside the chat. The first says that they are friends; the
 * text of each other one is `#` and its seq, with more or less behind it.
 */
export async function seedLongTalk(chat: RunningChat, { count, read, firstWord }: LongTalkPlan): Promise<LongTalk> {
  const { ada, grace, conversationId } = await makeApiFriends(chat.url);
  await say(ada, conversationId, `#2 ${firstWord}`);
  await using database = await openDatabase<Tables>(chat.databaseUrl);
  const people = { own: ada.session.me.id, other: grace.session.me.id };
  await database.write(async (transaction) => {
    await sql`
      with recursive seqs(seq) as (select 3 union all select seq + 1 from seqs where seq < ${count})
      insert into messages (conversation_id, seq, id, counted, sender_id, sender_name, client_message_id, content_hash, type,
        body, reply_to, mentions, mentions_all, forwarded, state, recalled_by, version, edited_at, created_at)
      select conversation_id, seqs.seq, printf('01890000-0000-7000-8000-%012d', seqs.seq), seqs.seq,
        iif(seqs.seq / ${RUN} % 2 = 0, ${people.own}, ${people.other}), sender_name, 'seed-' || seqs.seq, content_hash, type,
        json_object('text', '#' || seqs.seq || ' ' ||
          substr(${"and on and on ".repeat(40)}, 1, iif(seqs.seq % ${LONG_EVERY} = 0, 500, seqs.seq * 31 % 70))),
        reply_to, mentions, mentions_all, forwarded, state, recalled_by, version, edited_at,
        created_at - (${count} - seqs.seq) * ${STEP_MS}
      from messages, seqs where conversation_id = ${conversationId} and messages.seq = 2`.execute(transaction);
    await transaction
      .updateTable("messages")
      .set((old) => ({ created_at: old("created_at", "-", count * STEP_MS) }))
      .where("conversation_id", "=", conversationId)
      .where("seq", "<=", 2)
      .execute();
    const marks = { read_seq: read, read_counted: read, received_seq: read };
    await transaction.updateTable("members").set(marks).where("conversation_id", "=", conversationId).execute();
    const state = { last_seq: count, last_counted: count };
    await transaction.updateTable("conversations").set(state).where("id", "=", conversationId).execute();
  });
  return { reader: "ada_account", speaker: "grace_account" };
}
