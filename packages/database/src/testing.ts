import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import type { Migration } from "./migrate.ts";
import { openPostgres } from "./open-postgres.ts";
import { leasePostgres, withDatabaseName } from "./testing/leased-database.ts";
import { writeSqliteFile } from "./testing/sqlite-file.ts";

/** A database that belongs to one test. */
export interface TemporaryDatabase extends AsyncDisposable {
  /** For `openDatabase`, as often as the test likes. */
  readonly url: string;
}

/** One engine that a suite runs on. */
export interface TestEngine {
  /** For the names of tests. */
  readonly name: string;
  /**
   * Makes an empty database, or with migrations one whose tables are there and hold nothing. Making tables is most of the
   * cost of a test, so it is done once and its outcome used again: steps that write rows would lose them.
   */
  create(migrations?: readonly Migration[]): Promise<TemporaryDatabase>;
}

/** SQLite in a temporary folder. */
export const SQLITE_ENGINE: TestEngine = {
  name: "SQLite",
  async create(migrations) {
    const folder = await mkdtemp(join(tmpdir(), "hutong-sqlite-"));
    const path = join(folder, "test.db");
    if (migrations !== undefined) await writeSqliteFile(path, migrations);
    return {
      url: `sqlite:${path}`,
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

/**
 * Databases of their own on the PostgreSQL server of a URL whose user may create some. Those with migrations stay on
 * the server for the next tests, as many as were needed at a time.
 */
export function postgresEngine(serverUrl: string): TestEngine {
  return {
    name: "PostgreSQL",
    async create(migrations) {
      if (migrations !== undefined) return leasePostgres(serverUrl, migrations);
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      await runOn(serverUrl, `create database ${name}`);
      return {
        url: withDatabaseName(serverUrl, name),
        [Symbol.asyncDispose]: () => runOn(serverUrl, `drop database if exists ${name} with (force)`),
      };
    },
  };
}

/** SQLite, and PostgreSQL where `HUTONG_TEST_POSTGRES_URL` names a server. */
export function testEngines(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly TestEngine[] {
  const url = environment["HUTONG_TEST_POSTGRES_URL"];
  return url === undefined ? [SQLITE_ENGINE] : [SQLITE_ENGINE, postgresEngine(url)];
}

async function runOn(serverUrl: string, statement: string): Promise<void> {
  await using server = await openPostgres<unknown>(serverUrl);
  await sql.raw(statement).execute(server.read);
}
