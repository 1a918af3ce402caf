import type { Clock } from "../clock.ts";
import { MESSAGES_LOST, type MailboxOptions } from "./bus.ts";

/** Where the frames for one part go while it is there. */
export interface BusLink {
  /** Takes one frame. MUST NOT throw when the link is down already. */
  deliver(frame: string): void;
}

/**
 * The frames for one part. It exists before the part does and outlives its links: a link that ends late never
 * takes the queue or the next link with it.
 */
export class Mailbox {
  readonly #clock: Clock;
  readonly #limits: Required<MailboxOptions>;
  #link: BusLink | undefined;
  #waiting: { readonly frame: string; readonly atMs: number }[] = [];
  #bytes = 0;
  #lostCount = 0;

  /** Makes a mailbox that waits for its part. */
  constructor(clock: Clock, limits: Required<MailboxOptions>) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Frames that wait. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Hands what waits to the link, in order, and everything after it. The link before it gets nothing more. */
  attach(link: BusLink): void {
    this.#dropTooOld();
    this.#link = link;
    const waiting = this.#waiting;
    const lostCount = this.#lostCount;
    this.#empty();
    this.#lostCount = 0;
    if (lostCount > 0) {
      link.deliver(JSON.stringify({ command: "SYSTEM", data: { eventName: MESSAGES_LOST, data: { lostCount } } }));
    }
    for (const { frame } of waiting) link.deliver(frame);
  }

  /** Ends this link; nothing happens when another one has taken its place. */
  detach(link: BusLink): void {
    if (this.#link === link) this.#link = undefined;
  }

  /** Delivers the frame, now or when the part is there. */
  push(frame: string): void {
    if (this.#link !== undefined) {
      this.#link.deliver(frame);
      return;
    }
    this.#dropTooOld();
    // A gap inside the queue would be worse than none at all: operations after
    // a lost one change nodes that do not exist.
    const isFull =
      this.#lostCount > 0 ||
      this.#waiting.length >= this.#limits.maxCount ||
      this.#bytes + frame.length * 2 > this.#limits.maxBytes;
    if (isFull) {
      this.#lose(1);
      return;
    }
    this.#waiting.push({ frame, atMs: this.#clock.now() });
    this.#bytes += frame.length * 2;
  }

  #dropTooOld(): void {
    const first = this.#waiting[0];
    if (first !== undefined && this.#clock.now() - first.atMs > this.#limits.maxAgeMs) this.#lose(0);
  }

  #lose(more: number): void {
    this.#lostCount += this.#waiting.length + more;
    this.#empty();
  }

  #empty(): void {
    this.#waiting = [];
    this.#bytes = 0;
  }
}
