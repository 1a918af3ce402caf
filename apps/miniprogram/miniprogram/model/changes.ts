import type { Clock } from "@hutong/client/wechat";

/** Tells that something of the model has changed: once for everything that changes in one turn. */
export class Changes {
  readonly #clock: Pick<Clock, "soon">;
  readonly #listeners = new Set<() => void>();
  #isDue = false;

  constructor(clock: Pick<Clock, "soon">) {
    this.#clock = clock;
  }

  /** Calls back after changes; the returned function ends that. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Something has changed. */
  tell(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.soon(() => {
      this.#isDue = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}
