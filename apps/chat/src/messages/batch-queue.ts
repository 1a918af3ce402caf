import { nextTurn } from "../clock.ts";

/**
 * Group commit. A commit costs as much for one item as for many, so what comes while a commit runs waits for it and
 * goes into the next one together. A lone item does not wait for company. Lanes are independent of each other; within
 * a lane items are run in the order of their coming.
 *
 * Invariant: every item that was taken is settled exactly once, by the outcome of a run that it was part of.
 */
export interface BatchQueueOptions<TItem, TResult> {
  /**
   * Runs items together, all or nothing, and gives their outcomes in the same order. When it rejects for more than one
   * item they are run again one by one, so that each fails for its own reason only: running must be repeatable.
   */
  readonly run: (items: readonly TItem[]) => Promise<readonly BatchOutcome<TResult>[]>;
  /** Most items in one run. */
  readonly maxBatch: number;
  /** Most items that wait, over all lanes. */
  readonly maxWaiting: number;
  /** Makes the error for an item beyond `maxWaiting`. */
  readonly refuse: () => Error;
}

/** What became of one item of a run: the others do not depend on it. */
export type BatchOutcome<TResult> =
  | { readonly kind: "done"; readonly result: TResult }
  | { readonly kind: "refused"; readonly error: unknown };

interface Waiting<TItem, TResult> {
  readonly item: TItem;
  readonly settle: (outcome: BatchOutcome<TResult>) => void;
}

/** See the head of this file. */
export class BatchQueue<TItem, TResult> {
  readonly #options: BatchQueueOptions<TItem, TResult>;
  /** A lane is here while it runs. */
  readonly #lanes = new Map<string, Waiting<TItem, TResult>[]>();
  #waitingCount = 0;

  constructor(options: BatchQueueOptions<TItem, TResult>) {
    this.#options = options;
  }

  /** Resolves with the item's result, and rejects with its refusal. */
  push(lane: string, item: TItem): Promise<TResult> {
    const { maxWaiting, refuse } = this.#options;
    if (this.#waitingCount >= maxWaiting) return Promise.reject(refuse());
    this.#waitingCount++;
    return new Promise((resolve, reject) => {
      const settle = (outcome: BatchOutcome<TResult>): void => {
        if (outcome.kind === "done") resolve(outcome.result);
        // eslint-disable-next-line typescript/prefer-promise-reject-errors -- handed on as it was thrown
        else reject(outcome.error);
      };
      const waiting = this.#lanes.get(lane);
      if (waiting !== undefined) waiting.push({ item, settle });
      else this.#open(lane, { item, settle });
    });
  }

  #open(lane: string, first: Waiting<TItem, TResult>): void {
    const waiting = [first];
    this.#lanes.set(lane, waiting);
    // What has arrived in this turn of the event loop is handled before: it goes along, and nobody waits for time.
    void nextTurn().then(() => this.#drain(lane, waiting));
  }

  async #drain(lane: string, waiting: Waiting<TItem, TResult>[]): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, this.#options.maxBatch);
      this.#waitingCount -= batch.length;
      const outcomes = await this.#run(batch.map(({ item }) => item));
      for (const [place, { settle }] of batch.entries()) settle(outcomes[place] ?? missing(place));
    }
    this.#lanes.delete(lane);
  }

  async #run(items: readonly TItem[]): Promise<readonly BatchOutcome<TResult>[]> {
    try {
      return await this.#options.run(items);
    } catch (error) {
      if (items.length === 1) return [{ kind: "refused", error }];
    }
    const outcomes: BatchOutcome<TResult>[] = [];
    for (const item of items) outcomes.push(...(await this.#run([item])));
    return outcomes;
  }
}

function missing(place: number): BatchOutcome<never> {
  return { kind: "refused", error: new TypeError(`the run gave no outcome for item ${place}`) };
}
