import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Kysely, Transaction } from "kysely";
import type { Tables } from "../storage/tables.ts";
import { removeOldDrafts } from "./draft.ts";
import type { FileStore } from "./file-store.ts";
import { lockFiles } from "./lock-files.ts";

/** What {@link FileCollection} needs. Times are in milliseconds. */
export interface FileCollectionParts {
  readonly database: Database<Tables>;
  readonly store: FileStore;
  readonly clock: Clock;
  readonly draftFolder: string;
  readonly unreferencedMs: number;
  /** Hears why a collection failed; the next one makes up for it. */
  readonly failed: (error: unknown) => void;
}

const INTERVAL_MS = 3_600_000;
/** Files that are looked at in one statement: SQLite keeps everyone else waiting meanwhile. */
const PAGE = 500;

/** Throws files away that no message, profile or conversation shows, when they are old enough. */
export class FileCollection {
  readonly #parts: FileCollectionParts;
  #stop: (() => void) | undefined;
  #collecting: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: FileCollectionParts) {
    this.#parts = parts;
  }

  /** Begins to collect every hour. */
  start(): void {
    const { clock, failed } = this.#parts;
    this.#stop ??= clock.every(INTERVAL_MS, () => void this.collect().catch(failed));
  }

  /** Collects now; a call during another one waits for that one. */
  collect(): Promise<void> {
    return (this.#collecting ??= this.#collect().finally(() => (this.#collecting = undefined)));
  }

  /** Stops collecting, and waits for the file that a collection is at; the rest is left to the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stop?.();
    this.#stop = undefined;
    await this.#collecting?.catch(() => {}); // whoever began it hears of the failure
  }

  async #collect(): Promise<void> {
    const { database, clock, unreferencedMs, draftFolder, failed } = this.#parts;
    const before = clock.now() - unreferencedMs;
    await removeOldDrafts(draftFolder, before);
    for (let after: string | undefined = ""; after !== undefined && !this.#isClosed;) {
      const page: readonly string[] = await oldFiles(database.read, { before, after });
      for (const id of await unshown(database.read, page)) if (!this.#isClosed) await this.#remove(id).catch(failed);
      after = page.length < PAGE ? undefined : page.at(-1);
    }
  }

  async #remove(id: string): Promise<void> {
    const { database, store } = this.#parts;
    // The content goes after the row: whoever fails in between leaves a content without a file, not a file without one.
    const keys = await database.write((transaction) => removeRow(transaction, id));
    for (const key of keys) await store.delete(key);
  }
}

/** Ids of files in their order. */
async function oldFiles(
  executor: Kysely<Tables>,
  { before, after }: { readonly before: number; readonly after: string },
): Promise<string[]> {
  const rows = await executor
    .selectFrom("files")
    .select("id")
    .where("id", ">", after)
    .where("created_at", "<", before)
    .orderBy("id")
    .limit(PAGE)
    .execute();
  return rows.map(({ id }) => id);
}

/** Those of some files that nothing shows. */
async function unshown(executor: Kysely<Tables>, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const shown = await executor
    .selectFrom("file_references")
    .select("file_id as id")
    .where("file_id", "in", ids)
    .union(executor.selectFrom("users").select("avatar as id").where("avatar", "in", ids).$castTo<{ id: string }>())
    .union(
      executor.selectFrom("conversations").select("avatar as id").where("avatar", "in", ids).$castTo<{ id: string }>(),
    )
    .execute();
  const known = new Set(shown.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
}

/** Removes a file that is still shown by nothing, and gives the keys of contents that no other file shares. */
async function removeRow(transaction: Transaction<Tables>, id: string): Promise<string[]> {
  const [file] = await lockFiles(transaction, [id]);
  // Looked at again under the lock: a message that was being sent at the first look has its reference by now.
  if (file === undefined || (await unshown(transaction, [id])).length === 0) return [];
  await transaction.deleteFrom("files").where("id", "=", id).execute();
  const twin = await transaction
    .selectFrom("files")
    .select("id")
    .where("storage_key", "=", file.storage_key)
    .executeTakeFirst();
  if (twin !== undefined) return [];
  return file.thumbnail_key === null ? [file.storage_key] : [file.storage_key, file.thumbnail_key];
}
