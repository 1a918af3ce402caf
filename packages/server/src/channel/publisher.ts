import type { StreamStamp } from "@hutong/protocol";
import type { HistoryStore, Retention } from "../history/history-store.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { PubSub } from "../pubsub/pubsub.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Router } from "./router.ts";
import type { Subscriber } from "./subscriber.ts";

/** Parts of a {@link Publisher}. */
export interface PublisherOptions {
  readonly pubsub: PubSub<Subscriber>;
  /** Where broadcasts of topics with history are kept. */
  readonly store: HistoryStore;
  readonly router: Router;
  readonly telemetry: Telemetry;
}

/**
 * The one way out for broadcasts: those of topics with history are kept first and
 * carry their stamp, so that nobody is given a message whose place is not known.
 * Broadcasts of a topic leave in the order of the calls.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  /** Topics whose store is at work: what comes next waits for it. */
  readonly #pending = new Map<string, Promise<void>>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /**
   * Delivers to every channel on the topic, but for `except`: within the call, or when the store has kept this and all
   * earlier ones of the topic, which the promise waits for. When the store fails nothing is delivered; telemetry hears of
   * it, and whoever awaits the promise.
   */
  publish(broadcast: Broadcast, except?: Subscriber): void | Promise<void> {
    const { topic } = broadcast;
    const earlier = this.#pending.get(topic);
    const kept =
      earlier === undefined ? this.#keep(broadcast, except) : earlier.then(() => this.#keep(broadcast, except));
    if (kept === undefined) return undefined;
    const tracked = kept
      .catch((cause: unknown) => this.#options.telemetry({ kind: "broker_failed", topic, cause }))
      .then(() => {
        if (this.#pending.get(topic) === tracked) this.#pending.delete(topic);
      });
    this.#pending.set(topic, tracked);
    return kept;
  }

  #keep(broadcast: Broadcast, except: Subscriber | undefined): void | Promise<void> {
    const { pubsub, store } = this.#options;
    const retention = this.#retentionOf(broadcast);
    if (retention === undefined) return pubsub.publish(broadcast, except);
    const { topic, event, payload } = broadcast;
    const deliver = (stamp: StreamStamp): void => pubsub.publish({ ...broadcast, stamp }, except);
    const stamp = store.append(topic, { id: crypto.randomUUID(), event, payload }, retention);
    return stamp instanceof Promise ? stamp.then(deliver) : deliver(stamp);
  }

  /** Bytes are not kept: the frames that carry them have no place for a stamp. */
  #retentionOf({ topic, event, payload }: Broadcast): Retention | undefined {
    if (payload instanceof Uint8Array) return undefined;
    const behaviour = this.#options.router.route({ kind: "topic", topic }, undefined)?.definition.behaviour;
    if (behaviour?.history === undefined || behaviour.liveEvents.has(event)) return undefined;
    return behaviour.history;
  }
}
