/**
 * States with a table of allowed ways, in which entering a state returns the
 * cleanup that runs when the state is left. A timer that is started on entry and
 * stopped by that cleanup cannot outlive its state.
 */

/** What a machine asks of its owner. */
export interface StateMachineOptions<TState extends { readonly kind: string }> {
  /** The state to begin with. */
  readonly initial: TState;
  /** State → the states that may follow. */
  readonly transitions: Readonly<Record<TState["kind"], readonly TState["kind"][]>>;
  /** Does what the state is for and returns its cleanup. May transition further. */
  enter(state: TState, previous: TState): () => void;
  /** Hears of every state that lasts beyond its own entry. */
  entered(state: TState, previous: TState): void;
}

/** The cleanup of a state that holds nothing. */
export const nothing = (): void => undefined;

/** Holds one state and changes it along the table. */
export class StateMachine<TState extends { readonly kind: string }> {
  readonly #options: StateMachineOptions<TState>;
  #state: TState;
  #leave = nothing;

  constructor(options: StateMachineOptions<TState>) {
    this.#options = options;
    this.#state = options.initial;
  }

  get state(): TState {
    return this.#state;
  }

  /** Changes the state. @throws {Error} when the table has no such way, which is a bug of the owner. */
  transition(next: TState): void {
    const previous = this.#state;
    const kind: TState["kind"] = previous.kind;
    if (!this.#options.transitions[kind].includes(next.kind))
      throw new Error(`no way from state "${kind}" to "${next.kind}"`);

    const leavePrevious = this.#leave;
    this.#leave = nothing;
    this.#state = next;
    leavePrevious();
    const leave = this.#options.enter(next, previous);
    // Entering may have led further already; then this state is over.
    if (this.#state !== next) return leave();
    this.#leave = leave;
    this.#options.entered(next, previous);
  }

  /** Replaces the state by another of its kind: nothing is left or entered. */
  amend(next: TState): void {
    const previous = this.#state;
    this.#state = next;
    this.#options.entered(next, previous);
  }
}
