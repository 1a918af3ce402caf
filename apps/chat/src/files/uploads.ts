import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import { uuidv7 } from "uuidv7";
import type { FileRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { type Draft, removeDraft } from "./draft.ts";
import type { FileStore } from "./file-store.ts";
import { lockFiles } from "./lock-files.ts";
import type { Pictures } from "./pictures.ts";
import type { ReceivedFile } from "./receive-file.ts";

/** What {@link Uploads} stands on. */
export interface UploadsParts {
  readonly database: Database<Tables>;
  readonly store: FileStore;
  readonly pictures: Pictures;
  readonly clock: Clock;
}

/** Whose a file becomes, and for what. */
export interface UploadWish {
  readonly ownerId: string;
  readonly purpose: FileRow["purpose"];
}

/** What a file looks like in the store. */
type StoredContent = Pick<FileRow, "size" | "mime" | "width" | "height" | "storage_key" | "thumbnail_key">;

/** Turns drafts into files. The same content of one owner is stored once. */
export class Uploads {
  readonly #parts: UploadsParts;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  /**
   * Stores a file. The draft is gone afterwards, whatever happens; when it rejects, nothing is stored.
   *
   * @throws {ChatError} `too_large` or `type_not_allowed` for a picture that is none.
   * @throws {FileStoreError} `full` or `unavailable`.
   */
  async add(received: ReceivedFile, wish: UploadWish): Promise<FileRow> {
    try {
      return (await this.#addTwin(received, wish)) ?? (await this.#addNew(received, wish));
    } finally {
      for (const suffix of ["", ".picture", ".thumbnail"]) await removeDraft({ path: received.path + suffix });
    }
  }

  /** Lets a new file share the content of one that its owner has sent before. */
  async #addTwin(received: ReceivedFile, wish: UploadWish): Promise<FileRow | undefined> {
    const { database } = this.#parts;
    const known = await database.read
      .selectFrom("files")
      .select("id")
      .where("owner_id", "=", wish.ownerId)
      .where("sha256", "=", received.sha256)
      .where("purpose", "=", wish.purpose)
      .executeTakeFirst();
    if (known === undefined) return undefined;
    return database.write(async (transaction) => {
      // It may have been collected since the look.
      const [twin] = await lockFiles(transaction, [known.id]);
      if (twin === undefined) return undefined;
      const row = this.#rowOf(received, wish, twin);
      await transaction.insertInto("files").values(row).execute();
      return row;
    });
  }

  async #addNew(received: ReceivedFile, wish: UploadWish): Promise<FileRow> {
    const { database, store } = this.#parts;
    const keys: string[] = [];
    const keep = async ({ path, size }: Pick<Draft, "path" | "size">): Promise<string> => {
      const key = randomBytes(16).toString("hex");
      keys.push(key);
      await store.put(key, createReadStream(path), size);
      return key;
    };
    try {
      const row = this.#rowOf(received, wish, await this.#keepContent(received, wish, keep));
      await database.write((transaction) => transaction.insertInto("files").values(row).execute());
      return row;
    } catch (error) {
      await Promise.allSettled(keys.map((key) => store.delete(key)));
      throw error;
    }
  }

  async #keepContent(
    received: ReceivedFile,
    { purpose }: UploadWish,
    keep: (file: Pick<Draft, "path" | "size">) => Promise<string>,
  ): Promise<StoredContent> {
    const { pictures } = this.#parts;
    const { path, size, type } = received;
    if (type.kind !== "image") {
      const storageKey = await keep(received);
      return { size, mime: type.mime, width: 0, height: 0, storage_key: storageKey, thumbnail_key: null };
    }
    const source = { path, mime: type.mime };
    const { content, thumbnail } = await (purpose === "profile"
      ? pictures.forProfile(source)
      : pictures.forMessage(source));
    return {
      size: content.size,
      mime: content.mime,
      width: content.width,
      height: content.height,
      storage_key: await keep(content),
      thumbnail_key: thumbnail === undefined ? null : await keep(thumbnail),
    };
  }

  #rowOf({ name, sha256 }: ReceivedFile, { ownerId, purpose }: UploadWish, content: StoredContent): FileRow {
    const { size, mime, width, height, storage_key, thumbnail_key } = content;
    const created_at = this.#parts.clock.now();
    return {
      ...{ id: uuidv7(), owner_id: ownerId, sha256, name, purpose, created_at },
      ...{ size, mime, width, height, storage_key, thumbnail_key },
    };
  }
}
