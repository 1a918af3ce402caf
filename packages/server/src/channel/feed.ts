import type { PresenceMessage, RecoverRequest, RecoveryReport, ServerMessage } from "@hutong/protocol";
import { LeanMap } from "../lean-map.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { ChannelHost } from "./channel-host.ts";
import type { ChannelPeer, ChannelVoice } from "./channel-voice.ts";
import type { ChannelBehaviour } from "./define-channel.ts";
import { encodedBroadcast, encodeFor } from "./encoded-broadcast.ts";
import { Follower, type FollowerOptions, NOWHERE } from "./follower.ts";
import { Recoverer, type RecovererEnds } from "./recoverer.ts";
import type { Subscriber } from "./subscriber.ts";

/** The channel that a {@link Feed} feeds. */
export interface FedChannel extends RecovererEnds {
  readonly host: ChannelHost;
  /** The client's own name for the channel. */
  readonly key: string;
  /** The topic that was joined. */
  readonly topic: string;
  readonly behaviour: Pick<ChannelBehaviour, "history" | "interceptors">;
  /** Takes a broadcast that the definition handles in place of sending it. */
  intercept(broadcast: Broadcast): void;
  /** The messages that tell the client a change of presence; `undefined` for what is told like all else. */
  newsFor(broadcast: Broadcast): readonly PresenceMessage[] | undefined;
}

/** The topic's subscription is in force on all nodes. */
const IN_FORCE = Promise.resolve();

/**
 * How broadcasts reach a channel, and leave it: the topics that it is subscribed to, and its place in the stream of its own one.
 * Until the join is answered they wait. Of a topic with history the client is then given what it missed, and is kept
 * in step when it reads too slowly; without history the feed is live from there on, and has nothing more to keep.
 */
export class Feed implements Subscriber, FollowerOptions {
  readonly peer: ChannelPeer;
  readonly key: string;
  readonly topic: string;
  readonly #channel: FedChannel;
  readonly #voice: ChannelVoice;
  readonly #interceptors: ChannelBehaviour["interceptors"];
  /** Topic → settled when its subscription is in force. */
  readonly #topics = new LeanMap<string, Promise<void>>();
  /** `undefined` once a feed without history is live. */
  #follower: Follower | undefined;
  #recoverer: Recoverer | undefined = undefined;
  #isEnded = false;

  constructor(channel: FedChannel, voice: ChannelVoice) {
    this.peer = voice.peer;
    this.key = channel.key;
    this.topic = channel.topic;
    this.#channel = channel;
    this.#voice = voice;
    this.#interceptors = channel.behaviour.interceptors;
    this.#follower = new Follower(this);
  }

  get store(): FollowerOptions["store"] {
    return this.#channel.behaviour.history && this.#channel.host.store;
  }

  get maxBacklog(): number {
    return this.#channel.host.limits.maxPendingMessages;
  }

  hasRoom(): boolean {
    return this.peer.hasRoom;
  }

  drained(): Promise<void> {
    return this.peer.drained();
  }

  /**
   * Subscribes to a topic; one that is there changes nothing. Resolves, or returns, when broadcasts of all nodes arrive;
   * rejects, with the topic left out, when the broker refuses.
   */
  add(topic: string): void | Promise<void> {
    if (this.#isEnded) return undefined;
    const known = this.#topics.get(topic);
    if (known !== undefined) return known === IN_FORCE ? undefined : known;
    const subscribing = this.#channel.host.pubsub.subscribe(topic, this);
    const added = subscribing?.catch((error: unknown) => {
      if (this.#topics.get(topic) === added) this.#topics.delete(topic);
      throw error;
    });
    this.#topics.set(topic, added ?? IN_FORCE);
    return added;
  }

  /** Unsubscribes from a topic. */
  remove(topic: string): void {
    if (this.#topics.delete(topic)) this.#channel.host.pubsub.unsubscribe(topic, this);
  }

  /** Unsubscribes from all topics. */
  clear(): void {
    for (const topic of this.#topics.keys()) this.remove(topic);
  }

  /** Unsubscribes from all topics, for good, and gives nothing any more. */
  end(): void {
    this.#isEnded = true;
    this.clear();
    this.#follower?.end();
  }

  /** Sends an event to every channel on the topic. */
  broadcast(event: string, payload: unknown): void {
    void this.#channel.host.publisher.publish({ topic: this.topic, event, payload });
  }

  /** {@link broadcast} that resolves when the history has the broadcast. */
  async broadcastKept(event: string, payload: unknown): Promise<void> {
    await this.#channel.host.publisher.publish({ topic: this.topic, event, payload });
  }

  /** Sends an event to every channel on the topic but this one. */
  broadcastToOthers(event: string, payload: unknown): void {
    void this.#channel.host.publisher.publish({ topic: this.topic, event, payload }, this);
  }

  takes(broadcast: Broadcast): boolean {
    const follower = this.#follower;
    if (follower !== undefined && broadcast.topic === this.topic) {
      if (!follower.isLive) {
        follower.hold(broadcast);
        return true;
      }
      if (broadcast.stamp !== undefined) follower.passed(broadcast.stamp);
    }
    return this.#intercepts(broadcast);
  }

  skip(broadcast: Broadcast): void {
    const { topic, stamp } = broadcast;
    if (stamp === undefined || topic !== this.topic) return;
    const follower = this.#follower;
    // Until it is live, a client is given what the history has, which does not know who sent what.
    if (follower !== undefined && !follower.isLive) return follower.hold(broadcast);
    follower?.passed(stamp);
    const { wireProtocol } = this.peer;
    if (!wireProtocol.traits.positions) return;
    const frame = wireProtocol.encode({ kind: "skip", key: this.key, stamp });
    // Recoverable like its neighbours: if they are left out and it is not, it comes after a gap.
    if (frame !== undefined) this.peer.sendFrame(encodedBroadcast(frame, broadcast));
  }

  messagesFor(broadcast: Broadcast): readonly ServerMessage[] {
    const news = broadcast.topic === this.topic ? this.#channel.newsFor(broadcast) : undefined;
    if (news !== undefined) return news;
    const message = this.#voice.broadcast(broadcast);
    return message === undefined ? [] : [message];
  }

  /** Gives a broadcast to this client alone. */
  deliver(broadcast: Broadcast): void {
    if (this.#intercepts(broadcast)) return;
    for (const frame of encodeFor(this, broadcast)) this.peer.sendFrame(frame);
  }

  /** Reads what a join asks for, and says what the client is to be told; {@link follow} then gives it. */
  prepare(request: RecoverRequest | undefined): RecoveryReport | undefined | Promise<RecoveryReport | undefined> {
    if (this.store === undefined || this.#follower === undefined) return request && DISABLED;
    return this.#follower.prepare(request);
  }

  /**
   * Gives what was prepared, the first page within this call, then what came meanwhile, then says `report`. Resolves, or
   * returns, when the client is live or the channel has ended; never rejects.
   */
  follow(report?: RecoveryReport): void | Promise<void> {
    const follower = this.#follower;
    if (this.#isEnded || follower === undefined) return undefined;
    if (this.store !== undefined) return this.#recovers(follower).follow(report);
    this.#follower = undefined;
    try {
      follower.goLive();
    } catch (cause) {
      this.#channel.failed(cause); // a broadcast that waited cannot be encoded
    }
    if (report !== undefined && !this.#isEnded) this.#voice.recovered(report);
  }

  /** Gives a live client what it asks for, even if it was given before; live messages wait meanwhile. */
  recover(request: RecoverRequest): void {
    if (this.#isEnded) return;
    if (this.#follower === undefined) this.#voice.recovered(DISABLED);
    else this.#recovers(this.#follower).recover(request);
  }

  /**
   * The client reads too slowly: what it was to be given from `offset` on is given later, from the history. Where the
   * channel has none of a topic that has, the client is lost.
   */
  lag(offset: number): void {
    if (this.#isEnded) return;
    if (this.#follower !== undefined) this.#recovers(this.#follower).lag(offset);
    else if (this.peer.wireProtocol.traits.historyAnswer === "with_join") this.#channel.lost();
  }

  #intercepts(broadcast: Broadcast): boolean {
    if (this.#interceptors.size === 0 || !this.#interceptors.has(broadcast.event)) return false;
    this.#channel.intercept(broadcast);
    return true;
  }

  #recovers(follower: Follower): Recoverer {
    return (this.#recoverer ??= new Recoverer(follower, this.#voice, this.#channel));
  }
}

const DISABLED: RecoveryReport = { recovered: false, reason: "disabled", position: NOWHERE };
