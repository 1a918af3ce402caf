import type { OutboxItem } from "./outbox-lane.ts";
import type { OutboxEntry } from "./outbox.ts";

/** The durable pushes that are not done, by id, oldest first. */
export class Backlog {
  #items = new Map<string, OutboxItem>();

  get entries(): readonly OutboxEntry[] {
    return Array.from(this.#items.values(), ({ entry }) => entry);
  }

  get items(): readonly OutboxItem[] {
    return [...this.#items.values()];
  }

  get(id: string): OutboxItem | undefined {
    return this.#items.get(id);
  }

  /** Puts a push behind all others. */
  add(item: OutboxItem): void {
    this.#items.set(item.entry.id, item);
  }

  /** Puts pushes before all others, in their order. */
  addOlder(older: readonly OutboxItem[]): void {
    const young = this.#items;
    this.#items = new Map(older.map((item) => [item.entry.id, item]));
    for (const [id, item] of young) this.#items.set(id, item);
  }

  delete(id: string): void {
    this.#items.delete(id);
  }

  /** How many pushes a channel has, those that failed among them. */
  count(topic: string): number {
    return this.items.filter(({ entry }) => entry.topic === topic).length;
  }

  /** The oldest push of a channel that waits. */
  next(topic: string): OutboxItem | undefined {
    return this.items.find(({ entry }) => entry.topic === topic && entry.state.kind === "queued");
  }
}
