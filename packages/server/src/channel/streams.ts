import type { PubSub } from "../pubsub/pubsub.ts";

/** The topics whose broadcasts reach one subscriber. */
export class Streams<TSubscriber> {
  readonly #pubsub: PubSub<TSubscriber>;
  readonly #subscriber: TSubscriber;
  /** Topic → settled when the subscription is confirmed. */
  readonly #topics = new Map<string, Promise<void>>();
  #isEnded = false;

  constructor(pubsub: PubSub<TSubscriber>, subscriber: TSubscriber) {
    this.#pubsub = pubsub;
    this.#subscriber = subscriber;
  }

  /**
   * Adds a topic; a topic that is there changes nothing. Resolves when broadcasts of all nodes arrive; rejects,
   * with the topic left out, when the broker refuses.
   */
  async add(topic: string): Promise<void> {
    if (this.#isEnded) return;
    const confirmed = this.#topics.get(topic) ?? this.#pubsub.subscribe(topic, this.#subscriber);
    this.#topics.set(topic, confirmed);
    try {
      await confirmed;
    } catch (error) {
      if (this.#topics.get(topic) === confirmed) this.#topics.delete(topic);
      throw error;
    }
  }

  /** Removes a topic. */
  remove(topic: string): void {
    if (this.#topics.delete(topic)) this.#pubsub.unsubscribe(topic, this.#subscriber);
  }

  /** Removes all topics. */
  clear(): void {
    for (const topic of [...this.#topics.keys()]) this.remove(topic);
  }

  /** Removes all topics, for good. */
  end(): void {
    this.#isEnded = true;
    this.clear();
  }
}
