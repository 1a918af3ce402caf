import { type Kysely, Migrator, sql } from "kysely";
import { type Database, DatabaseError } from "./database.ts";
import { reasonOf } from "./reason.ts";
import { SqlDatabase } from "./sql-database.ts";

/** One step of a schema. Steps are applied once, in the order of their names, and never changed afterwards. */
export interface Migration {
  /** Sorts after the steps before it, for example `"0002_reactions"`. */
  readonly name: string;
  /** Changes the schema, inside a transaction. */
  up(database: Kysely<unknown>, kind: Database<unknown>["kind"]): Promise<void>;
}

const TABLE = "kysely_migration";

/**
 * Brings a database to the newest of these steps, all or nothing; processes that start at the same time wait for
 * each other.
 *
 * @returns the names of the steps that were applied.
 * @throws {DatabaseError} when a step fails, which undoes them all; when the database cannot be read; and when it has
 * steps that this program does not know: it was used by a newer one.
 */
export async function migrate<TTables>(
  database: Database<TTables>,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const { unknown } = await migrationState(database, migrations);
  if (unknown.length > 0) throw newerSchema(unknown);
  if (!(database instanceof SqlDatabase)) throw new TypeError("Only databases of openDatabase can be migrated");
  const { kind } = database;
  const migrator = new Migrator({
    db: database.writer,
    provider: {
      getMigrations: () =>
        Promise.resolve(
          Object.fromEntries(
            migrations.map((migration) => [
              migration.name,
              { up: (step: Kysely<unknown>) => migration.up(step, kind) },
            ]),
          ),
        ),
    },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const reason = reasonOf(error, "it is as it was, start the version that used it");
    throw new DatabaseError(`The database could not be migrated${reason}`, { cause: error });
  }
  return results.map(({ migrationName }) => migrationName);
}

/**
 * Which steps a database lacks, and which it has that are not among these.
 *
 * @throws {DatabaseError} when the database cannot be read.
 */
export async function migrationState<TTables>(
  database: Database<TTables>,
  migrations: readonly Migration[],
): Promise<{ readonly pending: readonly string[]; readonly unknown: readonly string[] }> {
  const applied = await appliedSteps(database).catch((cause: unknown) => {
    throw new DatabaseError(`The database cannot be read${reasonOf(cause, "restore it from a backup")}`, { cause });
  });
  const known = migrations.map(({ name }) => name);
  return {
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

async function appliedSteps<TTables>({ read }: Database<TTables>): Promise<readonly string[]> {
  const tables = await read.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === TABLE)) return [];
  const { rows } = await sql<{ readonly name: string }>`select name from ${sql.table(TABLE)} order by name`.execute(
    read,
  );
  return rows.map(({ name }) => name);
}

function newerSchema(unknown: readonly string[]): DatabaseError {
  return new DatabaseError(
    `The database has schema steps that this program does not know (${unknown.join(", ")}); start the version that made them.`,
  );
}
