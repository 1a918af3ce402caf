import type { Migration } from "@hutong/database";
import { sql } from "kysely";

/** Old requests are looked for every hour, to be thrown away. */
export const REQUEST_AGE: Migration = {
  name: "0005_request_age",
  async up(database) {
    for (const table of ["friend_requests", "join_requests"])
      await sql.raw(`create index ${table}_created_at on ${table} (created_at)`).execute(database);
  },
};
