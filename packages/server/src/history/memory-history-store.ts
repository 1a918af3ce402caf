import type { StreamPosition, StreamStamp } from "@hutong/protocol";
import { type Clock, systemClock } from "../clock.ts";
import type {
  HistoryDraft,
  HistoryEntry,
  HistoryQuery,
  HistorySlice,
  HistoryStore,
  Retention,
} from "./history-store.ts";

/** Options of {@link MemoryHistoryStore}. */
export interface MemoryHistoryStoreOptions {
  /** Topics that are kept at a time; the one that was quiet for longest makes room. @defaultValue 100_000 */
  readonly maxTopics?: number;
  readonly clock?: Clock;
}

/** The log of one topic. */
interface Log {
  readonly epoch: string;
  readonly entries: HistoryEntry[];
  readonly stampsById: Map<string, StreamStamp>;
  top: StreamPosition;
  maxAgeMs: number;
}

/**
 * Keeps history in this process. Epochs are new with every process, and with every
 * topic that was let go and comes back, so that nobody takes one history for another.
 */
export class MemoryHistoryStore implements HistoryStore {
  readonly #clock: Clock;
  readonly #maxTopics: number;
  readonly #process = crypto.randomUUID().slice(0, 8);
  /** In order of the latest use, so that the first is the one to let go. */
  readonly #logs = new Map<string, Log>();
  #epochCount = 0;

  constructor({ maxTopics = 100_000, clock = systemClock }: MemoryHistoryStoreOptions = {}) {
    this.#maxTopics = maxTopics;
    this.#clock = clock;
  }

  append(topic: string, { id, event, payload }: HistoryDraft, { maxCount, maxAgeMs }: Retention): StreamStamp {
    // What cannot be sent is refused: kept, it would end every channel that is given its history.
    JSON.stringify(payload);
    const log = this.#use(topic);
    const known = log.stampsById.get(id);
    if (known !== undefined) return known;
    const { epoch, entries, stampsById, top } = log;
    const stamp: StreamStamp = { epoch, offset: top.offset + 1, id, prev: top.offset };
    entries.push({ stamp, event, payload, atMs: this.#clock.now() });
    stampsById.set(id, stamp);
    log.top = { epoch, offset: stamp.offset, id };
    log.maxAgeMs = maxAgeMs;
    this.#trim(log, entries.length - maxCount);
    return stamp;
  }

  read(topic: string, query: HistoryQuery): HistorySlice {
    const log = this.#use(topic);
    this.#trim(log, 0);
    const { entries, top } = log;
    const start = startOf(entries, query);
    const before = query.kind === "after" ? entries[start - 1]?.stamp : undefined;
    const idAtOffset = query.kind === "after" && before?.offset === query.offset ? before.id : undefined;
    return { top, entries: entries.slice(start, start + query.limit), idAtOffset };
  }

  async close(): Promise<void> {
    this.#logs.clear();
  }

  #use(topic: string): Log {
    const log = this.#logs.get(topic) ?? this.#createLog();
    this.#logs.delete(topic);
    this.#logs.set(topic, log);
    const [quietest] = this.#logs.keys();
    if (this.#logs.size > this.#maxTopics && quietest !== undefined) this.#logs.delete(quietest);
    return log;
  }

  #createLog(): Log {
    this.#epochCount++;
    const epoch = `${this.#process}.${this.#epochCount.toString(36)}`;
    return { epoch, entries: [], stampsById: new Map(), top: { epoch, offset: 0, id: "" }, maxAgeMs: 0 };
  }

  /** Drops the oldest `surplus` entries and those beyond their age. */
  #trim({ entries, stampsById, maxAgeMs }: Log, surplus: number): void {
    const oldestMs = this.#clock.now() - maxAgeMs;
    let count = Math.max(surplus, 0);
    while ((entries[count]?.atMs ?? oldestMs) < oldestMs) count++;
    for (const { stamp } of entries.splice(0, count)) stampsById.delete(stamp.id);
  }
}

/** The index of the first entry that a query asks for. */
function startOf(entries: readonly HistoryEntry[], query: HistoryQuery): number {
  switch (query.kind) {
    case "after":
      return indexWhere(entries, ({ stamp }) => stamp.offset > query.offset);
    case "since":
      return indexWhere(entries, ({ atMs }) => atMs >= query.sinceMs);
    case "last":
      return Math.max(entries.length - query.limit, 0);
    default:
      return query satisfies never;
  }
}

/** The index of the first entry that passes, by halving: all before it fail, all after it pass. */
function indexWhere(entries: readonly HistoryEntry[], passes: (entry: HistoryEntry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && passes(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}
