import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "./open-postgres.ts";

/** An empty database that is gone after the test. */
export interface TemporaryDatabase extends AsyncDisposable {
  /** For `openDatabase`, as often as the test likes. */
  readonly url: string;
}

/** One engine that a suite runs on. */
export interface TestEngine {
  /** For the names of tests. */
  readonly name: string;
  /** Makes an empty database. */
  create(): Promise<TemporaryDatabase>;
}

/** SQLite in a temporary folder. */
export const SQLITE_ENGINE: TestEngine = {
  name: "SQLite",
  async create() {
    const folder = await mkdtemp(join(tmpdir(), "hutong-sqlite-"));
    return {
      url: `sqlite:${join(folder, "test.db")}`,
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

/** Databases of their own on the PostgreSQL server of a URL whose user may create some. */
export function postgresEngine(serverUrl: string): TestEngine {
  return {
    name: "PostgreSQL",
    async create() {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      await runOn(serverUrl, `create database ${name}`);
      const url = new URL(serverUrl);
      url.pathname = name;
      return {
        url: url.href,
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
