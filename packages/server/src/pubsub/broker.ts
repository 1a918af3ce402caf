/** A broadcast on its way to other nodes. Reading `bytes` encodes it, once. */
export interface Envelope {
  /** The broadcast as bytes. MUST NOT be changed. */
  readonly bytes: Uint8Array;
}

/**
 * Carries broadcasts between the nodes of a cluster. `brokerConformance` in
 * `@hutong/testing` is its test; {@link MemoryBroker} is the reference.
 *
 * Delivery: at most once; envelopes of one topic from one node reach each other
 * node in the order of the `publish` calls; an envelope never comes back to the node
 * that published it; nothing is kept for a node that is away.
 */
export interface Broker {
  /**
   * Connects. Called once, before anything else. From now on `deliver` receives the
   * envelopes of subscribed topics; it does not throw and MUST NOT be called after `close`
   * has resolved.
   */
  start(deliver: (topic: string, bytes: Uint8Array) => void): Promise<void>;
  /**
   * Resolves when envelopes that others publish from now on arrive here. Calls of
   * `subscribe` and `unsubscribe` for one topic MUST take effect in the order of the calls.
   */
  subscribe(topic: string): Promise<void>;
  /** Resolves when no more envelopes of the topic arrive. */
  unsubscribe(topic: string): Promise<void>;
  /**
   * Resolves, or returns, when the broker has accepted the envelope, not when others have it. Rejects while
   * the broker is out of reach; the envelope is not queued then, because a late
   * broadcast is worse than a gap that history can repair. MUST NOT throw.
   */
  publish(topic: string, envelope: Envelope): void | Promise<void>;
  /** Disconnects. Idempotent. A client that was passed in stays open. */
  close(): Promise<void>;
}
