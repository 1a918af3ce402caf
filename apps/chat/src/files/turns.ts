import { ChatError } from "../api/chat-error.ts";

/** Lets a few pieces of work run at once and the next ones wait, in the order of asking. */
export class Turns {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Runs `work` when its turn comes.
   *
   * @throws {ChatError} `unavailable` when too much waits already.
   */
  async take<TResult>(work: () => Promise<TResult>): Promise<TResult> {
    if (this.#running >= this.#atOnce) {
      if (this.#waiting.length >= this.#maxWaiting) throw new ChatError("unavailable", { retryAfterMs: 5_000 });
      // Whoever ends hands its place on, so that nobody gets in between.
      await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
