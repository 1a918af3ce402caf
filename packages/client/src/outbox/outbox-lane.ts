import type { Clock } from "../clock.ts";
import { rejoinDelayMs } from "../reconnect.ts";
import { nothing } from "../state-machine.ts";
import type { Wait } from "../wait.ts";
import type { OutboxEntry, OutboxState } from "./outbox.ts";

/** An entry of the outbox, with what only the outbox knows of it. */
export interface OutboxItem {
  entry: OutboxEntry;
  /** Settled with the entry; `undefined` when nobody asked, as for what an earlier page left. */
  wait: Wait<unknown> | undefined;
  /** Only what is kept is sent: else a push could be handled that is gone after a reload. */
  isKept: boolean;
  /** How often the channel crashed while this was on its way. */
  crashes: number;
}

/** Sends a push with its id on a joined channel and returns its ref. The payload is JSON, so encoding it cannot fail. */
export type SendPush = (event: string, payload: unknown, id: string) => string;

/** What a lane is made of. */
export interface OutboxLaneOptions {
  readonly clock: Clock;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly send: SendPush;
  /** The push whose turn it is, if it may be sent. */
  next(): OutboxItem | undefined;
  /** A push was sent, or goes back to those that wait. */
  changed(item: OutboxItem, state: OutboxState): void;
}

/** Sends the durable pushes of one joined channel, one at a time. */
export class OutboxLane {
  readonly #options: OutboxLaneOptions;
  #item: OutboxItem | undefined;
  #ref: string | undefined;
  #failures = 0;
  #isWaiting = false;
  #stopTimer = nothing;

  constructor(options: OutboxLaneOptions) {
    this.#options = options;
  }

  /** What is on its way. */
  get item(): OutboxItem | undefined {
    return this.#item;
  }

  /** Sends the next push, unless one is on its way or has to wait. */
  advance(): void {
    if (this.#item !== undefined || this.#isWaiting) return;
    const item = this.#options.next();
    if (item === undefined) return;
    const { event, payload, id } = item.entry;
    this.#ref = this.#options.send(event, payload, id);
    this.#item = item;
    this.#stopTimer = this.#options.clock.after(this.#options.timeoutMs, () => this.sendLater());
    this.#options.changed(item, { kind: "sent" });
  }

  /** The push that an answer with this ref is for. */
  itemOf(ref: string): OutboxItem | undefined {
    return ref === this.#ref ? this.#item : undefined;
  }

  /** Sends what is on its way once more, after a wait that grows. */
  sendLater(): void {
    const { clock, random } = this.#options;
    this.takeBack();
    this.#isWaiting = true;
    this.#stopTimer = clock.after(rejoinDelayMs(this.#failures++, random), () => {
      this.#isWaiting = false;
      this.advance();
    });
  }

  /** Puts what is on its way back among those that wait, and stops. */
  takeBack(): void {
    const item = this.#item;
    this.#stopTimer();
    this.#item = undefined;
    if (item !== undefined) this.#options.changed(item, { kind: "queued" });
  }

  /** Makes room for the next push, if this one was on its way. */
  release(item: OutboxItem): void {
    if (this.#item !== item) return;
    this.#stopTimer();
    this.#item = undefined;
    this.#failures = 0;
  }
}
