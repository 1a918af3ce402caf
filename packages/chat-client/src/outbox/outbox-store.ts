import type { MessageContent } from "@hutong/chat-api";
import type { KeyValueStorage } from "@hutong/client";

import { type OutboxEntry, parseOutboxEntry } from "./outbox-entry.ts";

/**
 * How the files of messages are uploaded, and kept until they are. `put`, `get` and `delete` of one id are never called
 * while another of them runs, and may reject.
 */
export interface PendingFiles<TFile> {
  /**
   * Uploads a file and makes the content of its message; `progress` hears from 0 to 1 how far it is, and says whether the
   * message is still wanted: if not, this MAY reject at once. MUST reject with a `CallError`, whose code decides whether it is
   * tried again.
   */
  upload(file: TFile, progress: (share: number) => boolean): Promise<MessageContent>;
  /** Keeps a file for a later run. */
  put(id: string, file: TFile): Promise<void>;
  /** Resolves with a file that an earlier run kept; with `undefined` when it is gone. */
  get(id: string): Promise<TFile | undefined>;
  /** Forgets a file. An id that is not there is no error. */
  delete(id: string): Promise<void>;
}

const PREFIX = "outbox:";

/** Keeps the entries of an outbox, one key each, and their files. Nothing rejects: a message that ends with this run is better than none. */
export class OutboxStore<TFile> {
  readonly #storage: KeyValueStorage;
  readonly #files: PendingFiles<TFile> | undefined;
  /** The last thing that was asked for of each entry. */
  readonly #turns = new Map<string, Promise<void>>();
  /** Entries that the storage did not take. */
  readonly #unkept = new Set<string>();

  /** Without `files` there are only texts. */
  constructor(storage: KeyValueStorage, files: PendingFiles<TFile> | undefined) {
    this.#storage = storage;
    this.#files = files;
  }

  /** What an earlier run left, the oldest first. */
  async load(): Promise<readonly OutboxEntry<TFile>[]> {
    const keys = await this.#keys();
    const entries: OutboxEntry<TFile>[] = [];
    for (const key of keys) {
      const entry = parseOutboxEntry(await this.#storage.get(key).catch(() => undefined));
      if (entry === undefined) continue;
      const isLacking = entry.content === undefined;
      const file = isLacking ? await this.#files?.get(entry.clientMessageId).catch(() => undefined) : undefined;
      entries.push({ ...entry, file });
    }
    return entries.sort((left, right) => left.createdAt - right.createdAt);
  }

  /** Keeps an entry as it is now; its file for as long as it has no content. */
  save({ file, ...entry }: OutboxEntry<TFile>): void {
    const { clientMessageId: id, content } = entry;
    this.#next(id, async () => {
      await this.#storage.set(PREFIX + id, JSON.stringify(entry));
      if (content !== undefined) await this.#files?.delete(id);
      else if (file !== undefined) await this.#files?.put(id, file);
    });
  }

  /** Whether an entry was kept and is not any more: another tab has sent or discarded it. */
  async isGone(id: string): Promise<boolean> {
    if (this.#turns.has(id) || this.#unkept.has(id)) return false;
    return (await this.#storage.get(PREFIX + id).catch(() => "")) === undefined;
  }

  /** Forgets an entry and its file. */
  delete(id: string): void {
    this.#next(id, async () => {
      await this.#storage.delete(PREFIX + id);
      await this.#files?.delete(id);
    });
  }

  /** Forgets everything. Resolves when it is gone. */
  async clear(): Promise<void> {
    for (const key of await this.#keys()) this.delete(key.slice(PREFIX.length));
    await Promise.all([...this.#turns.values()]);
  }

  #keys(): Promise<readonly string[]> {
    return this.#storage.keys(PREFIX).catch(() => []);
  }

  #next(id: string, act: () => Promise<void>): void {
    const turn = (this.#turns.get(id) ?? Promise.resolve())
      .then(act)
      .catch(() => this.#unkept.add(id))
      .then(() => {
        if (this.#turns.get(id) === turn) this.#turns.delete(id);
      });
    this.#turns.set(id, turn);
  }
}
