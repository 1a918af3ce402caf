/**
 * A map for places that nearly always hold one entry, of which there are as many as connections. The first entry lies
 * in the object itself; the table, which costs some two hundred bytes however little is in it, is made for the second.
 * Entries keep the order in which they came.
 */
export class LeanMap<TKey extends string, TValue extends object> {
  #key: TKey | undefined = undefined;
  #value: TValue | undefined = undefined;
  #table: Map<TKey, TValue> | undefined = undefined;

  /** Number of entries. */
  get size(): number {
    if (this.#table !== undefined) return this.#table.size;
    return this.#value === undefined ? 0 : 1;
  }

  /** The value of a key. */
  get(key: TKey): TValue | undefined {
    if (this.#table !== undefined) return this.#table.get(key);
    return key === this.#key ? this.#value : undefined;
  }

  /** Adds an entry, or replaces the one with its key. */
  set(key: TKey, value: TValue): void {
    if (this.#table !== undefined) {
      this.#table.set(key, value);
    } else if (this.#key === undefined || this.#value === undefined || this.#key === key) {
      this.#key = key;
      this.#value = value;
    } else {
      this.#table = new Map([
        [this.#key, this.#value],
        [key, value],
      ]);
      this.#key = undefined;
      this.#value = undefined;
    }
  }

  /** Removes an entry; answers whether there was one. */
  delete(key: TKey): boolean {
    if (this.#table !== undefined) return this.#table.delete(key);
    if (key !== this.#key) return false;
    this.#key = undefined;
    this.#value = undefined;
    return true;
  }

  /** A copy of the keys, in order. */
  keys(): TKey[] {
    if (this.#table !== undefined) return [...this.#table.keys()];
    return this.#key === undefined ? [] : [this.#key];
  }

  /** A copy of the values, in order. */
  values(): TValue[] {
    if (this.#table !== undefined) return [...this.#table.values()];
    return this.#value === undefined ? [] : [this.#value];
  }
}
