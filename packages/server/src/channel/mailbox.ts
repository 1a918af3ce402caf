/** Whose items a {@link Mailbox} holds. */
export interface MailboxOwner<TItem> {
  /** Carries an item out; a promise says when it is done. MUST NOT throw or reject. */
  run(item: TItem): void | Promise<void>;
}

/**
 * Runs one item after the other. An item whose run returns a promise holds the
 * later ones back until it has settled; the others run within the call, so that a
 * channel with plain handlers pays for no promises.
 */
export class Mailbox<TItem> {
  readonly #owner: MailboxOwner<TItem>;
  /** Empty unless the mailbox is held. */
  #waiting: TItem[] | undefined = undefined;
  #awaitIdle: (() => void)[] | undefined = undefined;
  #isHeld: boolean;

  /** A held mailbox only collects until `release`. */
  constructor(owner: MailboxOwner<TItem>, options: { readonly held: boolean }) {
    this.#owner = owner;
    this.#isHeld = options.held;
  }

  /** Items that wait. */
  get size(): number {
    return this.#waiting === undefined ? 0 : this.#waiting.length;
  }

  /** Whether the item waits. One that runs no longer does. */
  has(item: TItem): boolean {
    return this.#waiting?.includes(item) ?? false;
  }

  /** Runs the item when all earlier ones are done; one that is posted from within a run waits for it. */
  post(item: TItem): void {
    if (this.#isHeld) (this.#waiting ??= []).push(item);
    else if (this.#start(item)) this.release();
  }

  /** Lets a held mailbox run. */
  release(): void {
    for (let item = this.#waiting?.shift(); item !== undefined; item = this.#waiting?.shift()) {
      if (!this.#start(item)) return;
    }
    this.#isHeld = false;
    const resolves = this.#awaitIdle;
    this.#awaitIdle = undefined;
    if (resolves !== undefined) for (const resolve of resolves) resolve();
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (!this.#isHeld) return Promise.resolve();
    return new Promise((resolve) => (this.#awaitIdle ??= []).push(resolve));
  }

  /** Takes out what waits. */
  clear(): readonly TItem[] {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    return waiting;
  }

  /** Runs an item; `false` when it takes time. Until it is done the mailbox is held. */
  #start(item: TItem): boolean {
    this.#isHeld = true;
    const running = this.#owner.run(item);
    if (running === undefined) return true;
    void running.then(() => this.release());
    return false;
  }
}
