import type { Migration } from "@hutong/database";
import { sql } from "kysely";

/** Nothing reads the keys of WeChat's sessions, and who reads the database could sign with them. */
export const NO_SESSION_KEYS: Migration = {
  name: "0006_no_session_keys",
  async up(database) {
    await sql.raw("update identities set secret = '' where provider = 'wechat'").execute(database);
  },
};
