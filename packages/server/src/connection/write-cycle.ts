import type { Clock } from "../clock.ts";
import { FrameBatch } from "../transport/frame-batch.ts";

/** Something that a {@link WriteCycle} flushes at the end of the tick. */
export interface Flushable {
  /** Hands over what waits. MUST NOT throw. */
  flush(): void;
}

/** Time after which a flush lets other events in, in milliseconds. */
const MAX_FLUSH_MS = 10;
/** Writes between two looks at the clock; they take less than a millisecond. */
const WRITES_PER_LOOK = 64;

/**
 * The write cycle of a server. Sending appends to a queue; what one tick
 * appended is written together, one write per connection, when the events that
 * were ready have been handled. There is no timer: a lone reply leaves in the same
 * turn of the event loop. A flush to very many connections pauses now and then, so
 * that heartbeats and new connections are served in between.
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
    const startedAtMs = this.#clock.now();
    for (let index = 0; index < waiting.length; index++) {
      waiting[index]?.flush();
      const isLook = (index + 1) % WRITES_PER_LOOK === 0;
      if (isLook && this.#clock.now() - startedAtMs >= MAX_FLUSH_MS) return this.#flushLater(waiting.slice(index + 1));
    }
  }

  /** Goes on with the rest when the events that came meanwhile have been handled, before what these have scheduled. */
  #flushLater(rest: readonly Flushable[]): void {
    if (rest.length === 0) return;
    if (this.#waiting.length === 0) this.#clock.soon(() => this.#flush());
    this.#waiting = [...rest, ...this.#waiting];
  }
}
