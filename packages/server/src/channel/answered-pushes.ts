import type { Clock } from "../clock.ts";
import type { Refuse, Reply } from "../results.ts";

/** Gives an answer to whoever asked. */
export type Asker = (answer: Reply | Refuse) => void;

/** How long answers are remembered, and how many. */
export interface AnswerLimits {
  /** Time for which an answer is remembered, in milliseconds. */
  readonly answerMemoryMs: number;
  /** Most answers that are remembered; the oldest makes room. */
  readonly maxRememberedAnswers: number;
}

interface Remembered {
  readonly sinceMs: number;
  /** Who asked last; `undefined` when the answer is there. */
  asker: Asker | undefined;
  answer: Reply | Refuse | undefined;
}

/**
 * Handles a push once, however often its client sends it. A client that loses the
 * link before the answer sends the push again under the same id: it is given the
 * answer of the first time, or waits for it, and the handler does not run twice.
 */
export class AnsweredPushes {
  readonly #clock: Clock;
  readonly #limits: AnswerLimits;
  /** In order of arrival, so that the first is the oldest. */
  readonly #pushes = new Map<string, Remembered>();

  constructor(clock: Clock, limits: AnswerLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Answers `true` when the push is new and is to be handled; otherwise the asker is, or will be, answered. */
  begin(id: string, asker: Asker): boolean {
    this.#forgetOld();
    const known = this.#pushes.get(id);
    if (known === undefined) {
      this.#pushes.set(id, { sinceMs: this.#clock.now(), asker, answer: undefined });
      return true;
    }
    if (known.answer === undefined) known.asker = asker;
    else asker(known.answer);
    return false;
  }

  /**
   * Remembers the answer of a push, gives it to whoever asked last, and lets go of the asker. `false` when the push has one
   * already, or is not known (any more): the answer is then for whoever gave it to send.
   */
  answer(id: string, answer: Reply | Refuse): boolean {
    const known = this.#pushes.get(id);
    if (known === undefined || known.answer !== undefined) return false;
    const { asker } = known;
    known.answer = answer;
    known.asker = undefined;
    asker?.(answer);
    return true;
  }

  /** Forgets a push whose handler failed, so that it may be tried again. */
  forget(id: string): void {
    this.#pushes.delete(id);
  }

  #forgetOld(): void {
    const { answerMemoryMs, maxRememberedAnswers } = this.#limits;
    const oldestMs = this.#clock.now() - answerMemoryMs;
    for (const [id, { sinceMs }] of this.#pushes) {
      if (sinceMs > oldestMs && this.#pushes.size < maxRememberedAnswers) return;
      this.#pushes.delete(id);
    }
  }
}
