import type { KeyValueStorage } from "@hutong/client";
import { type ReadonlySignal, signal } from "@preact/signals-core";

const PREFIX = "draft:";

/** Texts that are not sent, one per conversation, each under a key of its own: tabs write beside each other. They outlive this run. */
export class Drafts {
  readonly #storage: KeyValueStorage;
  readonly #texts = signal<ReadonlyMap<string, string>>(new Map());

  /** The storage belongs to one user. */
  constructor(storage: KeyValueStorage) {
    this.#storage = storage;
  }

  /** By conversation id; none of them is empty. */
  get texts(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.#texts;
  }

  /** Takes up what an earlier run left. Never rejects. */
  async restore(): Promise<void> {
    const kept = new Map<string, string>();
    // Without a storage there is nothing to take up.
    for (const key of await this.#storage.keys(PREFIX).catch(() => [])) {
      const text = await this.#storage.get(key).catch(() => undefined);
      if (text !== undefined) kept.set(key.slice(PREFIX.length), text);
    }
    this.#texts.value = new Map([...kept, ...this.#texts.peek()]);
  }

  /** The draft of a conversation; `""` for none. Not reactive. */
  of(conversationId: string): string {
    return this.#texts.peek().get(conversationId) ?? "";
  }

  /** An empty text forgets. */
  set(conversationId: string, text: string): void {
    if (this.of(conversationId) === text) return;
    const texts = new Map(this.#texts.peek());
    const isEmpty = text.trim() === "";
    if (isEmpty) texts.delete(conversationId);
    else texts.set(conversationId, text);
    this.#texts.value = texts;
    const key = PREFIX + conversationId;
    // A draft that ends with this run is better than none.
    (isEmpty ? this.#storage.delete(key) : this.#storage.set(key, text)).catch(() => undefined);
  }
}
