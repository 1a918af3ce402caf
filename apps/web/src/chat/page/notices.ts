import { type ReadonlySignal, signal } from "@preact/signals";

import type { Clock } from "../../clock.ts";

/** A short notice at the edge of the page. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
}

/** A question that has to be answered first. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** The label of the button that says yes. */
  readonly yes: string;
  /** Whether yes destroys something. */
  readonly isGrave: boolean;
}

/** An asked question, with the way to answer it. */
export interface OpenQuestion extends Question {
  answer(isYes: boolean): void;
}

/** How long a toast stays, in milliseconds; longer when it can be undone. */
const TOAST_MS = 4_000;
const ACTION_MS = 7_000;

/** What the page says in passing, and what it asks. */
export class Notices {
  readonly #clock: Clock;
  readonly #toasts = signal<readonly Toast[]>([]);
  readonly #question = signal<OpenQuestion | undefined>(undefined);
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get toasts(): ReadonlySignal<readonly Toast[]> {
    return this.#toasts;
  }

  get question(): ReadonlySignal<OpenQuestion | undefined> {
    return this.#question;
  }

  /** Says something. */
  say(text: string, action?: Toast["action"]): void {
    const id = (this.#lastId += 1);
    this.#toasts.value = [...this.#toasts.peek().slice(-2), { id, text, action }];
    this.#clock.after(action === undefined ? TOAST_MS : ACTION_MS, () => this.dismiss(id));
  }

  /** Does something after a while, unless it is undone before. */
  doUnlessUndone(text: string, undoLabel: string, acts: { readonly run: () => void; readonly undo: () => void }): void {
    let isUndone = false;
    this.#clock.after(ACTION_MS - 1_000, () => {
      if (!isUndone) acts.run();
    });
    this.say(text, {
      label: undoLabel,
      run: () => {
        isUndone = true;
        acts.undo();
      },
    });
  }

  dismiss(id: number): void {
    this.#toasts.value = this.#toasts.peek().filter((toast) => toast.id !== id);
  }

  /** Asks; a second question answers the first with no. */
  ask(question: Question): Promise<boolean> {
    this.#question.peek()?.answer(false);
    return new Promise((resolve) => {
      this.#question.value = {
        ...question,
        answer: (isYes) => {
          this.#question.value = undefined;
          resolve(isYes);
        },
      };
    });
  }
}
