import { isTopic } from "@hutong/protocol";
import type { Presence } from "../presence/presence.ts";
import type { PresenceMeta, PresenceState } from "../presence/presence-diff.ts";
import type { Channel, ChannelPresence, ConnectionInfo } from "./channel.ts";
import type { Feed } from "./feed.ts";

/** What a joined channel can do, as {@link JoinedChannel} needs it. */
export interface ChannelPowers {
  /** What channels of a server share, as far as it is needed here. */
  readonly host: { readonly presence: Presence };
  /** The topic that was joined. */
  readonly topic: string;
  readonly info: ConnectionInfo;
  /** Whether the channel has ended; code that was waiting may still hold it. */
  readonly isEnded: boolean;
  readonly feed: Feed;
  /** Sends to this client. */
  push(event: string, payload: unknown): void;
  /** Ends the channel as intended. */
  stop(reason: string): void;
}

/** What handlers hold of a channel. */
export class JoinedChannel implements Channel, ChannelPresence {
  readonly connection: ConnectionInfo;
  readonly assigns: Record<string, unknown>;
  readonly #powers: ChannelPowers;

  constructor(powers: ChannelPowers, assigns: object) {
    this.#powers = powers;
    this.connection = powers.info;
    this.assigns = { ...this.connection.assigns, ...assigns };
  }

  get topic(): string {
    return this.#powers.topic;
  }

  get presence(): ChannelPresence {
    return this;
  }

  push(event: string, payload: unknown): void {
    this.#powers.push(event, payload);
  }

  broadcast(event: string, payload: unknown): void {
    this.#powers.feed.broadcast(event, payload);
  }

  broadcastKept(event: string, payload: unknown): Promise<void> {
    return this.#powers.feed.broadcastKept(event, payload);
  }

  broadcastToOthers(event: string, payload: unknown): void {
    this.#powers.feed.broadcastToOthers(event, payload);
  }

  async stream(topic: string): Promise<void> {
    if (!isTopic(topic)) throw new TypeError(`"${topic.slice(0, 80)}" is no topic`);
    await this.#powers.feed.add(topic);
  }

  stopStream(topic: string): void {
    this.#powers.feed.remove(topic);
  }

  stopStreams(): void {
    this.#powers.feed.clear();
  }

  drained(): Promise<void> {
    return this.#powers.feed.drained();
  }

  stop(reason = "normal"): void {
    this.#powers.stop(reason);
  }

  track(key: string, meta: object = {}): string {
    // An entry that comes after the end would stay for ever: nothing is left to remove it.
    if (this.#powers.isEnded) return "";
    return this.#powers.host.presence.track(this.topic, this.#powers, key, meta);
  }

  update(key: string, change: object | ((meta: PresenceMeta) => object)): string | undefined {
    const toMeta = (meta: PresenceMeta): object => (typeof change === "function" ? change(meta) : change);
    return this.#powers.host.presence.update(this.topic, this.#powers, key, toMeta);
  }

  untrack(key: string): void {
    this.#powers.host.presence.untrack(this.topic, this.#powers, key);
  }

  list(): PresenceState {
    return this.#powers.host.presence.list(this.topic);
  }

  count(): number {
    return this.#powers.host.presence.count(this.topic);
  }
}
