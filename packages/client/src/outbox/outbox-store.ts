import { ChannelError, ERROR_CODES, type ErrorName } from "@hutong/protocol";
import { isRecord } from "../is-record.ts";
import type { KeyValueStorage } from "../storage/key-value-storage.ts";
import type { OutboxEntry } from "./outbox.ts";

const PREFIX = "hutong:push:";

/** An entry with its place in the order. */
interface Row {
  readonly order: number;
  readonly entry: OutboxEntry;
}

/** Keeps the entries of an outbox, one key each. Reads and writes happen one after the other, in the order of the calls. */
export class OutboxStore {
  readonly #storage: KeyValueStorage;
  readonly #failed: (error: unknown) => void;
  readonly #orders = new Map<string, number>();
  #lastOrder = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** `failed` hears of everything that goes wrong; nothing here rejects. */
  constructor(storage: KeyValueStorage, failed: (error: unknown) => void) {
    this.#storage = storage;
    this.#failed = failed;
  }

  /** Resolves with what is kept, oldest first. What cannot be read is deleted. */
  async load(): Promise<readonly OutboxEntry[]> {
    const rows: Row[] = [];
    await this.#next(async () => {
      for (const key of await this.#storage.keys(PREFIX)) {
        const text = await this.#storage.get(key);
        // Another page that shares the storage was quicker.
        if (text === undefined) continue;
        const row = readRow(text);
        if (row !== undefined && key === PREFIX + row.entry.id) rows.push(row);
        else {
          this.#failed(new Error(`the stored push "${key}" cannot be read and is dropped`));
          await this.#storage.delete(key);
        }
      }
    });
    rows.sort((a, b) => a.order - b.order);
    for (const { order, entry } of rows) this.#orders.set(entry.id, (this.#lastOrder = order));
    return rows.map(({ entry }) => entry);
  }

  /** Resolves when the entry is kept, or could not be. */
  save(entry: OutboxEntry): Promise<void> {
    return this.#next(async () => {
      const { id, topic, event, payload, state } = entry;
      const order = this.#orders.get(id) ?? ++this.#lastOrder;
      this.#orders.set(id, order);
      const { code, reason, response } = state.kind === "failed" ? state.error : {};
      await this.#storage.set(
        PREFIX + id,
        JSON.stringify({ order, id, topic, event, payload, code, reason, response }),
      );
    });
  }

  /** Resolves when the entry is gone, or could not be deleted. */
  delete(id: string): Promise<void> {
    return this.#next(() => {
      // Not earlier: a save that was asked for before would note the order anew.
      this.#orders.delete(id);
      return this.#storage.delete(PREFIX + id);
    });
  }

  /** Resolves when everything that was asked for so far is done. */
  get settled(): Promise<unknown> {
    return this.#last;
  }

  #next(act: () => Promise<void>): Promise<void> {
    const done = this.#last.then(act).catch(this.#failed);
    this.#last = done;
    return done;
  }
}

/** Reads what `save` wrote; `undefined` when it is something else. */
function readRow(text: string): Row | undefined {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    // Only a SyntaxError can come here: the text was cut, or is not ours.
    return undefined;
  }
  const { order, id, topic, event, payload, code, reason, response } = isRecord(row) ? row : {};
  if (typeof order !== "number" || typeof id !== "string") return undefined;
  if (typeof topic !== "string" || typeof event !== "string") return undefined;
  const state = isErrorName(code)
    ? {
        kind: "failed" as const,
        error: new ChannelError(code, { topic, response, ...(typeof reason === "string" && { reason }) }),
      }
    : { kind: "queued" as const };
  return { order, entry: { id, topic, event, payload, state } };
}

function isErrorName(code: unknown): code is ErrorName {
  return typeof code === "string" && Object.hasOwn(ERROR_CODES, code);
}
