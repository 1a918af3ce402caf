import { within } from "./limits.ts";

/** Collects what arrives until somebody asks for it. Nothing is lost and nothing is skipped. */
export class Inbox<TItem> {
  readonly #items: TItem[] = [];
  #waiting: (() => void) | undefined;
  #ended: Error | undefined;

  /** What has arrived and has not been taken. */
  get pending(): readonly TItem[] {
    return this.#items;
  }

  /** Adds an item. */
  add(item: TItem): void {
    this.#items.push(item);
    this.#waiting?.();
  }

  /** Makes every later wait on an empty inbox fail at once. */
  end(reason: Error): void {
    this.#ended = reason;
    this.#waiting?.();
  }

  /** Takes the oldest item, or waits for one; rejects after the limit. One wait at a time. */
  async next(what = "the next item", limitMs?: number): Promise<TItem> {
    if (this.#items.length === 0 && this.#ended === undefined) {
      const arrived = new Promise<void>((resolve) => (this.#waiting = resolve));
      await within(arrived, what, limitMs);
      this.#waiting = undefined;
    }
    const [item] = this.#items.splice(0, 1);
    if (item === undefined) throw this.#ended ?? new Error(`${what} is undefined`);
    return item;
  }

  /** Takes the oldest items, in order. */
  async take(count: number, what?: string): Promise<TItem[]> {
    const items: TItem[] = [];
    while (items.length < count) items.push(await this.next(what));
    return items;
  }
}
