import type { Clock } from "./clock.ts";

/** The handlers of one kind of event. */
export class Listeners<T> {
  readonly #clock: Clock;
  readonly #handlers = new Set<(value: T) => void>();
  /** What is told now, and what its handlers have caused meanwhile. */
  readonly #values: T[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#handlers.size === 0;
  }

  /** Adds a handler; the returned function removes it. A handler that is added twice is called twice. */
  add(handler: (value: T) => void): () => void {
    const entry = (value: T): void => handler(value);
    this.#handlers.add(entry);
    return () => void this.#handlers.delete(entry);
  }

  /**
   * Calls the handlers in the order in which they were added. A value that a handler causes comes after this one, so that
   * everyone hears the same order; a handler that is added meanwhile does not hear of this one.
   */
  emit(value: T): void {
    if (this.#values.push(value) > 1) return;
    for (const next of this.#values)
      for (const handler of [...this.#handlers]) if (this.#handlers.has(handler)) this.#call(handler, next);
    this.#values.length = 0;
  }

  #call(handler: (value: T) => void, value: T): void {
    try {
      handler(value);
    } catch (error) {
      // A bug in one handler reaches the runtime's own report, as it does from
      // a DOM listener, and neither stops the others nor breaks the socket.
      this.#clock.after(0, () => {
        throw error;
      });
    }
  }
}
