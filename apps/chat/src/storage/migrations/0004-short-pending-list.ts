import type { Migration } from "@hutong/database";
import { sql } from "kysely";

/**
 * Every search on PostgreSQL reads what was not sorted into the index of words yet: 256 kB of it, not the usual 4 MB. An
 * index that is there sorts its list in when it next grows.
 */
export const SHORT_PENDING_LIST: Migration = {
  name: "0004_short_pending_list",
  async up(database, kind) {
    if (kind === "postgres")
      await sql.raw("alter index message_index_words set (gin_pending_list_limit = 256)").execute(database);
  },
};
