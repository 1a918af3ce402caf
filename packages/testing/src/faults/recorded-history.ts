import type { StreamPosition, StreamStamp } from "@hutong/protocol";
import type {
  Clock,
  HistoryDraft,
  HistoryQuery,
  HistorySlice,
  HistoryStore,
  MemoryHistoryStore,
  Retention,
} from "@hutong/server/plugin";
import type { SeededRandom } from "./seeded-random.ts";

/** How a {@link RecordedHistory} behaves. */
export interface RecordedHistoryOptions {
  /** Keeps the messages. It is not closed: it outlives the servers that use it. */
  readonly store: MemoryHistoryStore;
  /** Hears of every message that was kept, before anybody is given it. */
  readonly appended: (topic: string, stamp: StreamStamp, draft: HistoryDraft) => void;
  /** Makes every answer late by up to `maxMs`, as that of a store in another process. @defaultValue answers at once */
  readonly delay?: { readonly clock: Clock; readonly random: SeededRandom; readonly maxMs: number } | undefined;
  /** Asked before every read; `true` makes it fail. @defaultValue none fails */
  readonly failsRead?: () => boolean;
}

/** A history store as one server holds it: it tells what was kept, and can be slow, fail, and be cut off. */
export class RecordedHistory implements HistoryStore {
  readonly #options: RecordedHistoryOptions;
  #isCutOff = false;
  #lastAppend: Promise<void> = Promise.resolve();

  constructor(options: RecordedHistoryOptions) {
    this.#options = options;
  }

  append(topic: string, draft: HistoryDraft, retention: Retention): StreamStamp | Promise<StreamStamp> {
    const append = (): StreamStamp => {
      if (this.#isCutOff) throw new Error("the store is out of reach: its server is gone");
      const stamp = this.#options.store.append(topic, draft, retention);
      this.#options.appended(topic, stamp, draft);
      return stamp;
    };
    if (this.#options.delay === undefined) return append();
    // One after the other, as over one connection to a database.
    const appended = this.#lastAppend.then(() => this.#wait()).then(append);
    this.#lastAppend = appended.then(
      () => {},
      () => {},
    );
    return appended;
  }

  read(topic: string, query: HistoryQuery): HistorySlice | Promise<HistorySlice> {
    if (this.#options.failsRead?.() === true) return Promise.reject(new Error("the store is out of reach"));
    const read = (): HistorySlice => this.#options.store.read(topic, query);
    return this.#options.delay === undefined ? read() : this.#wait().then(read);
  }

  /** The newest position of a topic, read past every delay and failure. */
  top(topic: string): StreamPosition {
    return this.#options.store.read(topic, { kind: "last", limit: 0 }).top;
  }

  /** From now on nothing is kept: the server that this was given to is gone. */
  cutOff(): void {
    this.#isCutOff = true;
  }

  async close(): Promise<void> {
    this.cutOff();
  }

  #wait(): Promise<void> {
    const { delay } = this.#options;
    if (delay === undefined) return Promise.resolve();
    return new Promise((resolve) => void delay.clock.after(delay.random.between(0, delay.maxMs), resolve));
  }
}
