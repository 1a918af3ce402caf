import { type ReadonlySignal, signal } from "@preact/signals";

import { isRecord } from "../../is-record.ts";

/** Where the drafts of one user are kept. */
export interface DraftHome {
  read(): string | undefined;
  write(text: string): void;
}

/** Unsent texts, one per conversation, that survive a reload. */
export class Drafts {
  readonly #home: DraftHome;
  readonly #texts;

  constructor(home: DraftHome) {
    this.#home = home;
    this.#texts = signal<ReadonlyMap<string, string>>(parseDrafts(home.read()));
  }

  /** By conversation id; none of them is empty. */
  get texts(): ReadonlySignal<ReadonlyMap<string, string>> {
    return this.#texts;
  }

  /** An empty text forgets. */
  set(conversationId: string, text: string): void {
    if ((this.#texts.peek().get(conversationId) ?? "") === text) return;
    const texts = new Map(this.#texts.peek());
    if (text.trim() === "") texts.delete(conversationId);
    else texts.set(conversationId, text);
    this.#texts.value = texts;
    this.#home.write(JSON.stringify(Object.fromEntries(texts)));
  }
}

/** Reads what `set` wrote; anything else is no draft. */
export function parseDrafts(text: string | undefined): ReadonlyMap<string, string> {
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    // Only a SyntaxError can come here: somebody else wrote under our name.
    return new Map();
  }
  const entries = isRecord(value) ? Object.entries(value) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
