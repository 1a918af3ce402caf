/**
 * What waits to be sent, in the order in which it came, up to a limit. An item may
 * be taken out from any place, so that what ran out of time is never sent.
 */
export class BoundedQueue<T> {
  readonly #maxItems: number;
  // A Set keeps the order of insertion and deletes from the middle in constant time.
  readonly #items = new Set<T>();

  constructor(maxItems: number) {
    this.#maxItems = maxItems;
  }

  get size(): number {
    return this.#items.size;
  }

  /** Puts an item at the end. Returns `false`, and keeps nothing, when the queue is full. */
  add(item: T): boolean {
    if (this.#items.size >= this.#maxItems) return false;
    this.#items.add(item);
    return true;
  }

  /** Takes an item out, if it is there. */
  delete(item: T): void {
    this.#items.delete(item);
  }

  /** Takes everything out, oldest first. */
  takeAll(): readonly T[] {
    const items = [...this.#items];
    this.#items.clear();
    return items;
  }
}
