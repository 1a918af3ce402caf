/** Counts the messages that users still allow, per user and template. Calls for one pair may overlap, in several processes. */
export interface SubscriptionStore {
  /** Resolves when one more message is allowed. */
  add(openid: string, templateId: string): Promise<void>;
  /** Takes one allowed message, and resolves with whether there was one. Two calls MUST NOT take the same. */
  take(openid: string, templateId: string): Promise<boolean>;
  /** Resolves when no message is allowed. */
  clear(openid: string, templateId: string): Promise<void>;
}

/** Counts for one process. */
export class MemorySubscriptionStore implements SubscriptionStore {
  readonly #counts = new Map<string, number>();

  async add(openid: string, templateId: string): Promise<void> {
    const key = keyOf(openid, templateId);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  async take(openid: string, templateId: string): Promise<boolean> {
    const key = keyOf(openid, templateId);
    const count = this.#counts.get(key) ?? 0;
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
    return count > 0;
  }

  async clear(openid: string, templateId: string): Promise<void> {
    this.#counts.delete(keyOf(openid, templateId));
  }
}

function keyOf(openid: string, templateId: string): string {
  return JSON.stringify([openid, templateId]);
}
