import type { BusMessage } from "./message.ts";

/** The handlers of one end. Keeps what comes before the first of them. */
export class Inbox {
  readonly #handlers = new Set<(message: BusMessage) => void>();
  #early: BusMessage[] | undefined = [];

  /** Adds a handler; the returned function removes it. The first one gets what was kept, at once. */
  add(handler: (message: BusMessage) => void): () => void {
    this.#handlers.add(handler);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const message of early) handler(message);
    return () => void this.#handlers.delete(handler);
  }

  /** Hands the message to the handlers, in the order in which they were added. */
  put(message: BusMessage): void {
    if (this.#early !== undefined) this.#early.push(message);
    else for (const handler of this.#handlers) handler(message);
  }
}
