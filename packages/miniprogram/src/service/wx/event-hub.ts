type Listener = (value: unknown) => void;

/** The listeners of `wx.on…`, by name. */
export class EventHub {
  readonly #listeners = new Map<string, Set<unknown>>();
  readonly #failed: (error: unknown) => void;

  /** `failed` gets what a listener throws. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** The functions of `wx` for these events. */
  api(names: readonly string[]): Readonly<Record<string, Listener>> {
    return Object.fromEntries(
      names.flatMap((name) => [
        [`on${name}`, (listener: unknown) => void this.#set(name).add(listener)],
        [`off${name}`, (listener: unknown) => this.#remove(name, listener)],
      ]),
    );
  }

  /** Calls the listeners, in the order in which they were added. */
  emit(name: string, value?: unknown): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      if (typeof listener !== "function") continue;
      try {
        Reflect.apply(listener, undefined, [value]);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #set(name: string): Set<unknown> {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    return set;
  }

  #remove(name: string, listener: unknown): void {
    if (listener === undefined) this.#listeners.delete(name);
    else this.#listeners.get(name)?.delete(listener);
  }
}
