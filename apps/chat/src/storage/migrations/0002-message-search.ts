import type { Migration } from "@hutong/database";
import { sql } from "kysely";

/**
 * The index of words. `message_index` numbers messages in the order in which they were indexed, which is about that of
 * their times; SQLite keeps the words in a full-text table of its own under the same numbers. `unindexed_messages` has
 * those that are not in it yet.
 */
export const MESSAGE_SEARCH: Migration = {
  name: "0002_message_search",
  async up(database, kind) {
    const [number, words] =
      kind === "sqlite"
        ? ["number integer primary key", ""]
        : ["number bigint generated always as identity primary key", ", words tsvector not null"];
    await sql
      .raw(`create table message_index (${number}, conversation_id text not null, seq bigint not null${words})`)
      .execute(database);
    await sql
      .raw(
        `create table unindexed_messages (conversation_id text not null, seq bigint not null,
          primary key (conversation_id, seq))${kind === "sqlite" ? " without rowid" : ""}`,
      )
      .execute(database);
    await sql
      .raw("create unique index message_index_unique_0 on message_index (conversation_id, seq)")
      .execute(database);
    await sql
      .raw(
        kind === "sqlite"
          ? "create virtual table message_words using fts5(words, content='', contentless_delete=1, tokenize='ascii')"
          : "create index message_index_words on message_index using gin (words)",
      )
      .execute(database);
    // Few members hide a conversation, and each message ends it: without this every send would look at all members.
    await sql
      .raw("create index members_hidden on members (conversation_id, user_id) where hidden = 1")
      .execute(database);
  },
};
