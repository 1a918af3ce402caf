import type { Clock } from "./clock.ts";

/** The handlers of one kind of event. */
export class Listeners<T> {
  readonly #clock: Clock;
  readonly #handlers = new Set<(value: T) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds a handler; the returned function removes it. A handler that is added twice is called twice. */
  add(handler: (value: T) => void): () => void {
    const entry = (value: T): void => handler(value);
    this.#handlers.add(entry);
    return () => void this.#handlers.delete(entry);
  }

  /** Calls the handlers in the order in which they were added. */
  emit(value: T): void {
    for (const handler of this.#handlers) this.#call(handler, value);
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
