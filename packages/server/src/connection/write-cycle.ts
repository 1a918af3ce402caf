import type { Clock } from "../clock.ts";
import { FrameBatch } from "../transport/frame-batch.ts";

/** Something that a {@link WriteCycle} flushes at the end of the tick. */
export interface Flushable {
  /** Hands over what waits. MUST NOT throw. */
  flush(): void;
}

/**
 * The write cycle of a server. Sending appends to a queue; what one tick
 * appended is written together, one write per connection, when the events that
 * were ready have been handled. There is no timer: a lone reply leaves in the same
 * turn of the event loop.
 */
export class WriteCycle {
  readonly #clock: Clock;
  #root = FrameBatch.empty();
  #waiting: Flushable[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The empty batch that every queue of this tick starts from. */
  get root(): FrameBatch {
    return this.#root;
  }

  /** Has `flushable` flushed once at the end of the tick. */
  schedule(flushable: Flushable): void {
    if (this.#waiting.push(flushable) === 1) this.#clock.soon(() => this.#flush());
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    // A fresh root lets go of the tick's frames, and keeps the next tick's
    // batches from sharing nodes with what has been written.
    this.#root = FrameBatch.empty();
    for (const flushable of waiting) flushable.flush();
  }
}
