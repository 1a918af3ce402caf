import { createHash } from "node:crypto";
import { CompiledQuery, type QueryResult } from "kysely";

/** A query that PostgreSQL is to keep: it is sent under a name, with its text only the first time on each connection. */
export interface PreparedQuery extends CompiledQuery {
  /** The statement that is kept. */
  readonly prepared: {
    /** The same for the same text. */
    readonly name: string;
    /** The text with PostgreSQL's places. */
    readonly text: string;
  };
}

/** What runs a query: a `Kysely` or a `Transaction`, of whatever tables. */
export interface QueryRunner {
  /** Resolves with what the engine answers. */
  executeQuery(query: CompiledQuery): Promise<QueryResult<unknown>>;
}

/**
 * A statement whose text never changes, for the few that are in the way of everything: the query builder is left out, and
 * PostgreSQL reads and plans the text once per connection instead of once per call. The plan that it keeps knows no
 * values: a statement whose best plan depends on them does not belong here.
 */
export class PreparedStatement<TRow = unknown> {
  readonly #text: string;
  readonly #prepared: PreparedQuery["prepared"];

  /** Values stand at `?`, in their order, on both engines; a text for PostgreSQL alone may say `$1` to use one twice. */
  constructor(text: string) {
    this.#text = text;
    let place = 0;
    this.#prepared = {
      name: createHash("sha256").update(text).digest("base64url"),
      text: text.replaceAll("?", () => `$${++place}`),
    };
  }

  /** Runs it with these values. Resolves with its rows, which are of the type that the constructor was told. */
  async run(executor: QueryRunner, values: readonly unknown[]): Promise<readonly TRow[]> {
    const query: PreparedQuery = { ...CompiledQuery.raw(this.#text, [...values]), prepared: this.#prepared };
    // As with the query builder's own raw statements, whoever wrote the text says what its rows are.
    return (await executor.executeQuery(query)).rows as readonly TRow[];
  }
}

/** Whether a query is one that PostgreSQL is to keep. */
export function isPrepared(query: CompiledQuery): query is PreparedQuery {
  return "prepared" in query;
}
