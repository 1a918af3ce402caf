import type { Clock } from "@hutong/server/plugin";

/** Where a mini-program is in its life. */
export type FakeWxAppState = "foreground" | "background" | "frozen" | "destroyed";

/** How a call of `wx` may ask to be told of its outcome. */
export interface FakeWxCallbacks<TResult> {
  /** Called when it was done. */
  readonly success?: ((result: TResult) => void) | undefined;
  /** Called when it was not. */
  readonly fail?: ((failure: FakeWxFailure) => void) | undefined;
  /** Called after either. */
  readonly complete?: ((outcome: TResult | FakeWxFailure) => void) | undefined;
}

/** What `wx` says of a failure. */
export interface FakeWxFailure {
  /** As `request:fail timeout`. */
  readonly errMsg: string;
}

/** What became of a call. */
export type FakeWxOutcome<TResult> = { readonly result: TResult } | { readonly failure: string };

/**
 * One run of a mini-program, from its start until WeChat destroys it. Everything that reaches its code passes here: while it
 * is frozen it waits, in order, and once it is destroyed it is dropped.
 */
export class FakeWxApp {
  /** The time as the mini-program has it: its timers stand still while it is frozen, `now` does not. */
  readonly clock: Clock;
  readonly #phoneClock: Clock;
  #state: FakeWxAppState = "foreground";
  #waiting: (() => void)[] = [];
  readonly #frozen = new Set<() => void>();

  constructor(phoneClock: Clock) {
    this.#phoneClock = phoneClock;
    this.clock = {
      now: () => phoneClock.now(),
      after: (ms, run) => this.#after(ms, run),
      every: (ms, run) => this.#every(ms, run),
      soon: (run) => this.#later(run),
    };
  }

  /** Where it is in its life. */
  get state(): FakeWxAppState {
    return this.#state;
  }

  /** Whether its code may use the network. */
  get hasNetwork(): boolean {
    return this.#state === "foreground" || this.#state === "background";
  }

  /** Runs a piece of the mini-program's code now, after the thaw, or never. */
  deliver(run: () => void): void {
    if (this.#state === "frozen") this.#waiting.push(run);
    else if (this.#state !== "destroyed") run();
  }

  /** Tells a caller of its outcome, after the call has returned; without callbacks nobody hears of it. */
  tell<TResult extends object>(
    { success, fail, complete }: FakeWxCallbacks<TResult & FakeWxFailure>,
    name: string,
    outcome: FakeWxOutcome<TResult>,
  ): void {
    this.#later(() => {
      if ("failure" in outcome) {
        const failure = { errMsg: `${name}:fail ${outcome.failure}` };
        fail?.(failure);
        complete?.(failure);
      } else {
        const result = { ...outcome.result, errMsg: `${name}:ok` };
        success?.(result);
        complete?.(result);
      }
    });
  }

  /** As {@link FakeWxApp.tell}, and gives a promise when the caller asked for no callback. */
  answer<TResult extends object>(
    options: FakeWxCallbacks<TResult & FakeWxFailure> | undefined,
    name: string,
    outcome: FakeWxOutcome<TResult>,
  ): Promise<TResult & FakeWxFailure> | undefined {
    const { success, fail, complete } = options ?? {};
    if (success === undefined && fail === undefined && complete === undefined)
      return new Promise((resolve, reject) => this.tell({ success: resolve, fail: reject }, name, outcome));
    this.tell({ success, fail, complete }, name, outcome);
    return undefined;
  }

  /** Runs when the mini-program is frozen or destroyed; the returned function ends that. */
  onFrozen(run: () => void): () => void {
    this.#frozen.add(run);
    return () => void this.#frozen.delete(run);
  }

  /** Goes to the background; the code runs on. */
  hide(): void {
    this.#state = "background";
  }

  /** Suspends the code, and ends what uses the network. */
  freeze(): void {
    this.#state = "frozen";
    for (const run of [...this.#frozen]) run();
  }

  /** Goes on: what waited runs first. */
  show(): void {
    this.#state = "foreground";
    for (const run of this.#waiting.splice(0)) this.deliver(run);
  }

  /** Ends it: nothing of its code runs any more. */
  destroy(): void {
    if (this.#state !== "frozen") this.freeze();
    this.#state = "destroyed";
    this.#waiting = [];
  }

  #later(run: () => void): void {
    this.#phoneClock.soon(() => this.deliver(run));
  }

  #after(ms: number, run: () => void): () => void {
    let isOver = false;
    const stop = this.#phoneClock.after(ms, () => this.deliver(() => isOver || run()));
    return () => {
      isOver = true;
      stop();
    };
  }

  #every(ms: number, run: () => void): () => void {
    let isOver = false;
    let isWaiting = false;
    const stop = this.#phoneClock.every(ms, () => {
      // A frozen interval does not make up for its ticks.
      if (isWaiting) return;
      isWaiting = true;
      this.deliver(() => {
        isWaiting = false;
        if (!isOver) run();
      });
    });
    return () => {
      isOver = true;
      stop();
    };
  }
}
