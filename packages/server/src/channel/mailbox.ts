/**
 * Runs one item after the other. An item whose run returns a promise holds the
 * later ones back until it has settled; the others run within the call, so that a
 * channel with plain handlers pays for no promises.
 */
export class Mailbox<TItem> {
  readonly #run: (item: TItem) => void | Promise<void>;
  readonly #waiting: TItem[] = [];
  readonly #awaitIdle: (() => void)[] = [];
  #isHeld: boolean;

  /** `run` MUST NOT throw or reject. A held mailbox only collects until `release`. */
  constructor(run: (item: TItem) => void | Promise<void>, options: { readonly held: boolean }) {
    this.#run = run;
    this.#isHeld = options.held;
  }

  /** Items that wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Runs the item when all earlier ones are done; one that is posted from within a run waits for it. */
  post(item: TItem): void {
    this.#waiting.push(item);
    if (!this.#isHeld) this.release();
  }

  /** Lets a held mailbox run. */
  release(): void {
    this.#isHeld = false;
    while (!this.#isHeld) {
      const item = this.#waiting.shift();
      if (item === undefined) {
        for (const resolve of this.#awaitIdle.splice(0)) resolve();
        return;
      }
      this.#isHeld = true;
      const running = this.#run(item);
      if (running === undefined) this.#isHeld = false;
      else void running.then(() => this.release());
    }
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (!this.#isHeld) return Promise.resolve();
    return new Promise((resolve) => this.#awaitIdle.push(resolve));
  }

  /** Takes out what waits. */
  clear(): readonly TItem[] {
    return this.#waiting.splice(0);
  }
}
