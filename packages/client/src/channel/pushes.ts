import { ChannelError } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import { Wait, type WaitOptions } from "../wait.ts";
import type { PushAnswer } from "./reply-error.ts";

/** How the pushes of a channel are made. */
export interface PushesOptions {
  /** Topic of the channel. */
  readonly topic: string;
  readonly clock: Clock;
  /** The default deadline of a push, in milliseconds. */
  readonly timeoutMs: number;
  /** Pushes that may wait. */
  readonly maxOutboxPushes: number;
  /** Makes the error of a push that nothing was heard of in time. */
  expired(): ChannelError;
  /** Whether the channel is joined. */
  canSend(): boolean;
  /** Sends and returns the ref. Throws when the payload cannot be encoded. */
  send(event: string, payload: unknown): string;
}

interface Push {
  readonly event: string;
  readonly payload: unknown;
  wait: Wait<unknown> | undefined;
  ref: string | undefined;
}

/** The pushes of one channel: those that wait for the join, and those that wait for their reply. */
export class Pushes {
  readonly #options: PushesOptions;
  // A Set keeps the order of insertion and deletes from the middle in constant time: what ran out of time is never sent.
  readonly #waiting = new Set<Push>();
  readonly #inFlight = new Map<string, Push>();

  constructor(options: PushesOptions) {
    this.#options = options;
  }

  /** Sends now if the channel is joined, else as soon as it is. */
  push(
    event: string,
    payload: unknown,
    { timeoutMs = this.#options.timeoutMs, signal }: WaitOptions,
  ): Promise<unknown> {
    const { clock, topic, maxOutboxPushes } = this.#options;
    const push: Push = { event, payload, wait: undefined, ref: undefined };
    // The signal may be aborted already; then the wait is over before it is assigned.
    const wait = new Wait<unknown>({
      clock,
      timeoutMs,
      signal,
      expired: () => this.#options.expired(),
      settled: () => this.#forget(push),
    });
    push.wait = wait;
    if (wait.state !== "pending") return wait.promise;
    if (this.#options.canSend()) this.#send(push);
    else if (this.#waiting.size < maxOutboxPushes) this.#waiting.add(push);
    else wait.reject(new ChannelError("outbox_full", { topic }));
    return wait.promise;
  }

  /** Sends what waits, oldest first, as long as the channel is joined. */
  flush(): void {
    for (const push of this.#waiting) {
      if (!this.#options.canSend()) return;
      this.#waiting.delete(push);
      this.#send(push);
    }
  }

  /** Settles the push with this ref. */
  answered(ref: string, { error, response }: PushAnswer): void {
    const wait = this.#inFlight.get(ref)?.wait;
    if (error === undefined) wait?.resolve(response);
    else wait?.reject(error);
  }

  /** Rejects the pushes that were sent and have no reply. */
  failInFlight(error: Error): void {
    // Settling deletes from the map, which iterating a Map allows; and so from the set below.
    for (const { wait } of this.#inFlight.values()) wait?.reject(error);
  }

  /** Rejects the pushes that were not sent. */
  failWaiting(error: Error): void {
    for (const { wait } of this.#waiting) wait?.reject(error);
  }

  #send(push: Push): void {
    try {
      push.ref = this.#options.send(push.event, push.payload);
      this.#inFlight.set(push.ref, push);
    } catch (cause) {
      push.wait?.reject(new ChannelError("internal", { topic: this.#options.topic, cause }));
    }
  }

  #forget(push: Push): void {
    this.#waiting.delete(push);
    if (push.ref !== undefined) this.#inFlight.delete(push.ref);
  }
}
