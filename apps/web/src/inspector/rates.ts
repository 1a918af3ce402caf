import type { InspectorSnapshot } from "@hutong/chat-api";

/** Points of a sparkline: one per second. */
export const POINT_COUNT = 60;

/** Frames per second of one connection, the oldest first. */
export interface ConnectionRates {
  readonly in: readonly number[];
  readonly out: readonly number[];
}

/** The totals over the last minute, the oldest first. */
export interface TotalSeries {
  readonly connections: readonly number[];
  readonly channels: readonly number[];
  readonly messages: readonly number[];
  readonly deliveries: readonly number[];
  readonly queuedBytes: readonly number[];
}

const NO_RATES: ConnectionRates = { in: [], out: [] };
const NO_POINTS: readonly number[] = [];

/** What the page remembers of earlier snapshots. Counts become rates by the time between two of them. */
export class Rates {
  readonly #connections = new Map<string, ConnectionRates>();
  readonly #topics = new Map<string, readonly number[]>();
  #totals: TotalSeries = { connections: [], channels: [], messages: [], deliveries: [], queuedBytes: [] };
  #last: InspectorSnapshot | undefined;

  /** Takes the next snapshot. One of another node starts anew. */
  add(snapshot: InspectorSnapshot): void {
    if (this.#last !== undefined && this.#last.nodeId !== snapshot.nodeId) this.#forget();
    const seconds = this.#last === undefined ? 0 : (snapshot.atMs - this.#last.atMs) / 1_000;
    this.#addTotals(snapshot, seconds);
    if (this.#last !== undefined && seconds > 0) this.#addRows(this.#last, snapshot, seconds);
    this.#last = snapshot;
  }

  get totals(): TotalSeries {
    return this.#totals;
  }

  /** The rates of a connection; empty while only one snapshot has it. */
  of(connectionId: string): ConnectionRates {
    return this.#connections.get(connectionId) ?? NO_RATES;
  }

  /** Broadcasts per second of a topic. */
  ofTopic(topic: string): readonly number[] {
    return this.#topics.get(topic) ?? NO_POINTS;
  }

  #addTotals({ totals }: InspectorSnapshot, seconds: number): void {
    const before = this.#last?.totals;
    const rate = (now: number, then: number | undefined): number =>
      then === undefined || seconds <= 0 ? 0 : Math.max(0, now - then) / seconds;
    const series = this.#totals;
    this.#totals = {
      connections: push(series.connections, totals.connections),
      channels: push(series.channels, totals.channels),
      messages: push(series.messages, rate(totals.messages, before?.messages)),
      deliveries: push(series.deliveries, rate(totals.deliveries, before?.deliveries)),
      queuedBytes: push(series.queuedBytes, totals.queuedBytes),
    };
  }

  #addRows(last: InspectorSnapshot, next: InspectorSnapshot, seconds: number): void {
    const before = new Map(last.connections.map((row) => [row.id, row]));
    for (const { id, framesIn, framesOut } of next.connections) {
      const then = before.get(id);
      if (then === undefined) continue;
      const rates = this.of(id);
      this.#connections.set(id, {
        in: push(rates.in, (framesIn - then.framesIn) / seconds),
        out: push(rates.out, (framesOut - then.framesOut) / seconds),
      });
    }
    keepOnly(this.#connections, new Set(next.connections.map(({ id }) => id)));
    const counts = new Map(last.topics.map(({ topic, broadcastCount }) => [topic, broadcastCount]));
    for (const { topic, broadcastCount } of next.topics) {
      const then = counts.get(topic) ?? broadcastCount;
      this.#topics.set(topic, push(this.ofTopic(topic), Math.max(0, broadcastCount - then) / seconds));
    }
    keepOnly(this.#topics, new Set(next.topics.map(({ topic }) => topic)));
  }

  #forget(): void {
    this.#connections.clear();
    this.#topics.clear();
    this.#totals = { connections: [], channels: [], messages: [], deliveries: [], queuedBytes: [] };
    this.#last = undefined;
  }
}

/** The latest point, 0 when there is none. */
export function latest(points: readonly number[]): number {
  return points.at(-1) ?? 0;
}

function push(points: readonly number[], point: number): readonly number[] {
  return [...points.slice(1 - POINT_COUNT), point];
}

function keepOnly(map: Map<string, unknown>, keys: ReadonlySet<string>): void {
  for (const key of map.keys()) if (!keys.has(key)) map.delete(key);
}
