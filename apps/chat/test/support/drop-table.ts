import { openDatabase } from "@hutong/database";
import { sql } from "kysely";
import type { StartedChat } from "./started-chat.ts";

/** Takes a table from a running chat, so that whatever asks for it fails inside. */
export async function dropTable({ config }: StartedChat, table: string): Promise<void> {
  await using database = await openDatabase(config.databaseUrl);
  await database.write((transaction) => sql`drop table ${sql.table(table)}`.execute(transaction));
}
