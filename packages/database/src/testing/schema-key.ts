import { createHash } from "node:crypto";
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Migration } from "../migrate.ts";

/** A name for what these steps make on PostgreSQL: it is another one as soon as a statement of them is another one. */
export async function schemaKey(migrations: readonly Migration[]): Promise<string> {
  const hash = createHash("sha256");
  const recorder = new Kysely<unknown>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    log: ({ query }) => void hash.update(`${query.sql}\n`),
  });
  for (const migration of migrations) {
    hash.update(`${migration.name}\n`);
    await migration.up(recorder, "postgres");
  }
  return hash.digest("hex").slice(0, 16);
}
