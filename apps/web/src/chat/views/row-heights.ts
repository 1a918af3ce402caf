/**
 * The heights of the rows of a long list, as far as they were measured, with an estimate for the others. A Fenwick tree
 * answers "where does row i begin" and "which row is at y" in a logarithm of the number of rows.
 */
export class RowHeights {
  /** Measured heights by row key; they outlive changes of the list. */
  readonly #measured = new Map<string, number>();
  #keys: readonly string[] = [];
  #heights = new Float64Array(0);
  #tree = new Float64Array(1);

  get count(): number {
    return this.#keys.length;
  }

  /** Height of all rows. */
  get total(): number {
    return this.offsetOf(this.count);
  }

  /** Takes another list of rows; `estimate` gives the height of one that was never measured. */
  setRows(keys: readonly string[], estimate: (index: number) => number): void {
    this.#keys = keys;
    this.#heights = new Float64Array(keys.length);
    this.#tree = new Float64Array(keys.length + 1);
    for (const [index, key] of keys.entries()) {
      const height = this.#measured.get(key) ?? estimate(index);
      this.#heights[index] = height;
      this.#tree[index + 1] = height;
    }
    // Each node hands its sum to its parent: the whole tree in one pass.
    for (let node = 1; node < this.#tree.length; node += 1) {
      const parent = node + (node & -node);
      if (parent < this.#tree.length) this.#tree[parent] = this.#at(parent) + this.#at(node);
    }
  }

  /** Takes a measured height; returns whether it differs from what was held. */
  set(index: number, height: number): boolean {
    const key = this.#keys[index];
    const held = this.#heights[index];
    if (key === undefined || held === undefined) return false;
    this.#measured.set(key, height);
    if (Math.abs(held - height) < 0.5) return false;
    this.#heights[index] = height;
    for (let node = index + 1; node < this.#tree.length; node += node & -node)
      this.#tree[node] = this.#at(node) + height - held;
    return true;
  }

  /** Where a row begins. */
  offsetOf(index: number): number {
    let sum = 0;
    for (let node = Math.min(index, this.count); node > 0; node -= node & -node) sum += this.#at(node);
    return sum;
  }

  /** The row at a height; the first or last one outside. */
  indexAt(offset: number): number {
    let node = 0;
    let rest = offset;
    for (let step = 2 ** Math.floor(Math.log2(Math.max(1, this.count))); step >= 1; step /= 2) {
      const next = node + step;
      if (next <= this.count && this.#at(next) <= rest) {
        node = next;
        rest -= this.#at(next);
      }
    }
    return Math.max(0, Math.min(node, this.count - 1));
  }

  #at(node: number): number {
    return this.#tree[node] ?? 0;
  }
}
