/** Something that is closed when it is not needed any more. */
export interface Closeable {
  /** Resolves when nothing of it is left. */
  close(): void | Promise<void>;
}

/** What a start has opened so far: it is closed in the opposite order, once, whether the start succeeds or not. */
export class Opened implements Closeable {
  readonly #resources: Closeable[] = [];
  #closing: Promise<void> | undefined;

  /** Takes a resource over, and gives it back to whoever uses it. */
  add<TResource extends Closeable>(resource: TResource): TResource {
    this.#resources.push(resource);
    return resource;
  }

  /** Closes everything, also what comes after something that cannot be closed; rejects with the first failure. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const failures: unknown[] = [];
    for (const resource of this.#resources.toReversed()) {
      try {
        await resource.close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
