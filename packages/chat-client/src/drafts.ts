import type { KeyValueStorage } from "@hutong/client";
import { type ReadonlySignal, signal } from "@preact/signals-core";

import { parseJson } from "./parse-json.ts";

const KEY = "drafts";

/** Texts that are not sent, one per conversation. They outlive this run. */
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
    // Without a storage there is nothing to take up.
    const kept = parseDrafts(await this.#storage.get(KEY).catch(() => undefined));
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
    if (text.trim() === "") texts.delete(conversationId);
    else texts.set(conversationId, text);
    this.#texts.value = texts;
    // A draft that ends with this run is better than none.
    this.#storage.set(KEY, JSON.stringify([...texts])).catch(() => undefined);
  }
}

/** Reads what `set` wrote; anything else is no draft. */
export function parseDrafts(text: string | undefined): ReadonlyMap<string, string> {
  const value = parseJson(text);
  const pairs: readonly unknown[] = Array.isArray(value) ? value : [];
  return new Map(pairs.filter(isDraft));
}

function isDraft(pair: unknown): pair is readonly [string, string] {
  return Array.isArray(pair) && typeof pair[0] === "string" && typeof pair[1] === "string";
}
