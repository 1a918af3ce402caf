import { nextTurn } from "../../clock.ts";
import type { MessageContent } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { sql, type Transaction } from "kysely";
import type { MessageRow } from "../../storage/rows.ts";
import type { Tables } from "../../storage/tables.ts";
import type { MessagePlace } from "../file-references.ts";
import { indexMessages, searchableText } from "./message-index.ts";

// Indexing a message costs as much as storing it when each has a transaction of its own, and a tenth of it among
// others. So the send transaction only notes that a message is to be indexed, and this does it soon after. A
// search does first what is left to do, so that it finds what has been acknowledged.
//
// Invariant: a message is in `unindexed_messages` or in the index with the text that it has now. What changes a message
// locks its row before it touches either, and so does this.

/** How long messages gather before they are indexed, in milliseconds. */
const DELAY_MS = 500;
/** Messages in one transaction; others write in between. */
const BATCH = 100;
/** Batches that a search waits for: under a flood of messages it does without the newest. */
const MAX_CATCH_UP = 20;

/** What {@link MessageIndexer} stands on. */
export interface MessageIndexerParts {
  readonly database: Database<Tables>;
  readonly clock: Clock;
  /** Hears of what went wrong beside the calls; what is left is indexed later. */
  readonly failed: (error: unknown) => void;
}

/** Brings noted messages into the index. */
export class MessageIndexer {
  readonly #parts: MessageIndexerParts;
  #cancel: (() => void) | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(parts: MessageIndexerParts) {
    this.#parts = parts;
  }

  /** Says that messages were noted: they are indexed within a moment. */
  wake(): void {
    if (this.#isClosed) return;
    this.#cancel ??= this.#parts.clock.after(DELAY_MS, () => {
      this.#cancel = undefined;
      this.#running = this.#indexAll().catch(this.#parts.failed);
    });
  }

  /** Resolves when what was noted before the call is indexed; under a flood, when much of it is. */
  async catchUp(): Promise<void> {
    for (let batch = 0; batch < MAX_CATCH_UP; batch++) if ((await this.#indexBatch()) < BATCH) return;
  }

  /** Resolves when nothing runs any more; what is left waits for the next start. */
  close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    return this.#running;
  }

  async #indexAll(): Promise<void> {
    while (!this.#isClosed && (await this.#indexBatch()) === BATCH)
      // SQLite works at once: without a pause nobody else would run before the last batch.
      await nextTurn();
  }

  /** Gives the number of messages that were taken; below {@link BATCH} there were no more. */
  async #indexBatch(): Promise<number> {
    const { database } = this.#parts;
    const { rows: waiting } = await sql`select 1 from unindexed_messages limit 1`.execute(database.read);
    if (waiting.length === 0) return 0;
    return database.write(async (transaction) => {
      const places = await takePlaces(transaction, database.kind);
      const messages = await lockMessages(transaction, database.kind, places);
      await indexMessages(transaction, database.kind, messages);
      return places.length;
    });
  }
}

/** Takes notes away. Those of another process that are being taken are left to it. */
async function takePlaces(
  transaction: Transaction<Tables>,
  engine: Database<Tables>["kind"],
): Promise<readonly MessagePlace[]> {
  const lock = sql.raw(engine === "postgres" ? "for update skip locked" : "");
  const { rows } = await sql<MessagePlace>`delete from unindexed_messages where (conversation_id, seq) in
    (select conversation_id, seq from unindexed_messages order by conversation_id, seq limit ${BATCH} ${lock})
    returning conversation_id as "conversationId", seq`.execute(transaction);
  return rows;
}

/** The messages at these places with their texts, in the order of time; those that lost their content are left out. */
async function lockMessages(
  transaction: Transaction<Tables>,
  engine: Database<Tables>["kind"],
  places: readonly MessagePlace[],
): Promise<(MessagePlace & { readonly text: string })[]> {
  if (places.length === 0) return [];
  const keys = places.map(({ conversationId, seq }) => sql`(${conversationId}, cast(${seq} as bigint))`);
  const lock = sql.raw(engine === "postgres" ? "for update" : "");
  const { rows } = await sql<Pick<MessageRow, "conversation_id" | "seq" | "type" | "body">>`
    select conversation_id, seq, type, body from messages
    where (conversation_id, seq) in (values ${sql.join(keys)}) and state = 'sent' order by id ${lock}`.execute(
    transaction,
  );
  return rows.map(({ conversation_id: conversationId, seq, type, body }) => {
    // The row was written from checked content; notices are never noted.
    const content = { type, body: JSON.parse(body) } as MessageContent;
    return { conversationId, seq, text: searchableText(content) };
  });
}
