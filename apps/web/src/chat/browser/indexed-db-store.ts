import type { KeptMessages, KeptState, LocalStore } from "../model/local-store.ts";
import type { OutboxEntry } from "../model/outbox-entry.ts";

const VERSION = 1;
/** Logs beyond this number go when the page starts, those that were written longest ago first. */
const MAX_LOGS = 60;

/** What each object store holds. Only this page writes here, in this version: an upgrade empties the database first. */
interface Rows {
  readonly state: KeptState;
  readonly messages: KeptMessages & { readonly order: number };
  readonly outbox: OutboxEntry;
}

const STORES = ["state", "messages", "outbox"] as const satisfies readonly (keyof Rows)[];

/** The local store of a user in the browser's database. Nothing is opened before the first call. */
export function indexedDbStore(userId: string): LocalStore {
  const name = `hutong.chat.${userId}`;
  let database: Promise<IDBDatabase> | undefined;
  let lastOrder = 0;

  const ask = async <TName extends keyof Rows, T>(
    name: TName,
    act: (store: RowStore<Rows[TName]>) => IDBRequest<T>,
  ) => {
    database ??= open();
    return resultOf(act((await database).transaction(name, "readwrite").objectStore(name)));
  };

  const open = async (): Promise<IDBDatabase> => {
    const request = indexedDB.open(name, VERSION);
    request.addEventListener("upgradeneeded", () => {
      for (const store of request.result.objectStoreNames) request.result.deleteObjectStore(store);
      for (const store of STORES) request.result.createObjectStore(store);
    });
    const opened = await resultOf(request);
    // Another tab wants to delete or to upgrade the database.
    opened.addEventListener("versionchange", () => opened.close());
    const logs = await resultOf<Rows["messages"][]>(opened.transaction("messages").objectStore("messages").getAll());
    const orders = logs.sort((left, right) => right.order - left.order);
    lastOrder = orders[0]?.order ?? 0;
    const messages = opened.transaction("messages", "readwrite").objectStore("messages");
    for (const { conversationId } of orders.slice(MAX_LOGS)) messages.delete(conversationId);
    return opened;
  };

  return {
    readState: () => ask("state", (store) => store.get("state")),
    writeState: async (state) => void (await ask("state", (store) => store.put(state, "state"))),
    readMessages: (conversationId) => ask("messages", (store) => store.get(conversationId)),
    writeMessages: async (kept) => {
      for (const log of kept)
        await ask("messages", (store) => store.put({ ...log, order: (lastOrder += 1) }, log.conversationId));
    },
    readOutbox: async () => {
      const entries = await ask("outbox", (store) => store.getAll());
      return entries.sort((left, right) => left.createdAt - right.createdAt);
    },
    writeOutbox: async (entry) => void (await ask("outbox", (store) => store.put(entry, entry.clientMessageId))),
    deleteOutbox: (clientMessageId) => ask("outbox", (store) => store.delete(clientMessageId)),
    clear: async () => {
      for (const store of STORES) await ask(store, (rows) => rows.clear());
    },
    close: () => {
      // A database that did not open needs no closing.
      database?.then((opened) => opened.close()).catch(() => undefined);
      database = undefined;
    },
  };
}

/** The part of an object store that is used, with the type of its rows. */
interface RowStore<TRow> {
  get(key: string): IDBRequest<TRow | undefined>;
  getAll(): IDBRequest<TRow[]>;
  put(row: TRow, key: string): IDBRequest<IDBValidKey>;
  delete(key: string): IDBRequest<undefined>;
  clear(): IDBRequest<undefined>;
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("the request failed")));
  });
}
