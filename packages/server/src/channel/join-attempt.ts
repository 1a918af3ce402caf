import { ERROR_CODES } from "@hutong/protocol";
import type { Clock } from "../clock.ts";
import type { ConnectionInfo } from "./channel.ts";
import type { ChannelBehaviour, JoinContext } from "./define-channel.ts";
import { type Accept, type Refuse, refuse } from "../results.ts";
import { settle } from "./settle.ts";
import { type Validation, validate } from "./validate.ts";

/** How a join ended. `failed` is for the log: the client only hears that the join crashed. */
export type JoinOutcome = Accept | Refuse | { readonly kind: "failed"; readonly cause: unknown };

/** How a {@link JoinAttempt} runs. */
export interface JoinRunOptions {
  readonly clock: Clock;
  /** Time for all of it, in milliseconds. */
  readonly timeoutMs: number;
  /** Subscribes the channel to its topic, once the handler has accepted. */
  readonly subscribe: () => void | Promise<void>;
}

/** One run of a join handler, bounded in time. */
export class JoinAttempt implements JoinContext {
  readonly topic: string;
  readonly connection: ConnectionInfo;
  params: unknown;
  #controller: AbortController | undefined;
  #isAborted = false;

  constructor(topic: string, params: unknown, connection: ConnectionInfo) {
    this.topic = topic;
    this.params = params;
    this.connection = connection;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isAborted) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Whether the handler has asked for the signal, and may still listen to it. */
  get isWatched(): boolean {
    return this.#controller !== undefined;
  }

  /** Tells the handler that its answer no longer matters. */
  abort(): void {
    this.#isAborted = true;
    this.#controller?.abort();
  }

  /**
   * Checks the parameters, asks the handler, and subscribes. Never rejects, and settles within the timeout; there is a
   * promise, and a timer, only where something has to be waited for.
   */
  run(behaviour: ChannelBehaviour, options: JoinRunOptions): JoinOutcome | Promise<JoinOutcome> {
    const asked = settle<Validation, JoinOutcome>(
      () => validate(behaviour.params, this.params),
      (validation) => this.#ask(behaviour, validation, options.subscribe),
      toFailure,
    );
    return asked instanceof Promise ? this.#await(asked, options) : this.#conclude(asked);
  }

  #ask(
    behaviour: ChannelBehaviour,
    validation: Validation,
    subscribe: () => void | Promise<void>,
  ): JoinOutcome | Promise<JoinOutcome> {
    if (validation.kind === "invalid")
      return refuse({ reason: ERROR_CODES.invalid_params.reason, issues: validation.issues });
    this.params = validation.value;
    const enter = (result: unknown): JoinOutcome | Promise<JoinOutcome> => {
      const outcome = toOutcome(result);
      if (outcome.kind !== "accept" || this.#isAborted) return outcome;
      return settle<void, JoinOutcome>(subscribe, () => outcome, toFailure);
    };
    return settle<unknown, JoinOutcome>(() => behaviour.join(this), enter, toFailure);
  }

  async #await(asked: Promise<JoinOutcome>, { clock, timeoutMs }: JoinRunOptions): Promise<JoinOutcome> {
    let cancel = (): void => {};
    const timeout = new Promise<JoinOutcome>((resolve) => {
      cancel = clock.after(timeoutMs, () => resolve(refuse(ERROR_CODES.join_timeout.reason)));
    });
    const outcome = await Promise.race([asked, timeout]);
    cancel();
    return this.#conclude(outcome);
  }

  #conclude(outcome: JoinOutcome): JoinOutcome {
    if (outcome.kind !== "accept") this.abort();
    return outcome;
  }
}

function toFailure(cause: unknown): JoinOutcome {
  return { kind: "failed", cause };
}

function toOutcome(result: unknown): JoinOutcome {
  if (
    typeof result === "object" &&
    result !== null &&
    "kind" in result &&
    (result.kind === "accept" || result.kind === "refuse")
  ) {
    return result as Accept | Refuse; // the kind tells which of our own builders made it
  }
  return toFailure(new TypeError("a join handler must return accept(…) or refuse(…)"));
}
