import {
  type ChannelCommand,
  type ClientPushMessage,
  ERROR_CODES,
  type ErrorName,
  type JoinMessage,
  type LeaveMessage,
} from "@hutong/protocol";
import { LeanMap } from "../lean-map.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { ChannelHost } from "./channel-host.ts";
import { type ChannelOwner, ChannelProcess, type ConnectionEnd } from "./channel-process.ts";
import type { ChannelPeer } from "./channel-voice.ts";
import type { Router } from "./router.ts";

type TableMessage = JoinMessage | LeaveMessage | ClientPushMessage | ChannelCommand;

/**
 * The channels of one connection, by the client's own name for them. It decides
 * what a message means here: whether the channel exists, whether the message
 * belongs to the current join, whether there is room for one more.
 */
export class ChannelTable implements ChannelOwner {
  readonly #host: ChannelHost;
  readonly #router: Router;
  readonly #peer: ChannelPeer;
  readonly #maxChannels: number;
  readonly #channels = new LeanMap<string, ChannelProcess>();
  /** Messages that follow a leave which has not run yet, by key. */
  #behindLeave: Map<string, TableMessage[]> | undefined = undefined;

  constructor(host: ChannelHost, router: Router, peer: ChannelPeer, maxChannels: number) {
    this.#host = host;
    this.#router = router;
    this.#peer = peer;
    this.#maxChannels = maxChannels;
  }

  /** Channels that are joined, or being joined. */
  get size(): number {
    return this.#channels.size;
  }

  /** Topics of the channels, in the order of the joins. */
  get topics(): readonly string[] {
    return this.#channels.values().map(({ topic }) => topic);
  }

  /** Takes a message of the client. */
  receive(message: TableMessage): void {
    const behind = this.#behindLeave?.get(message.key);
    if (behind !== undefined) return this.#hold(behind, message);
    const channel = this.#channels.get(message.key);
    if (message.kind === "join") return this.#join(message, channel);
    if (channel === undefined) return this.#answerUnjoined(message);
    // A message of an earlier join is dropped in silence: its sender has moved on (PHX: stale join refs).
    if (message.joinRef !== null && message.joinRef !== channel.joinRef) return;
    channel.receive(message);
    if (message.kind === "leave") this.#awaitEnd(channel);
  }

  /** Broadcasts were left out because the client reads too slowly: their channels give them from history later. */
  lag(broadcasts: readonly (Broadcast | undefined)[]): void {
    const offsets = new Map<string, number>();
    for (const { topic, stamp } of broadcasts.filter((broadcast) => broadcast !== undefined)) {
      if (stamp !== undefined && !offsets.has(topic)) offsets.set(topic, stamp.prev);
    }
    for (const channel of this.#channels.values()) {
      const offset = offsets.get(channel.topic);
      if (offset !== undefined) channel.feed.lag(offset);
    }
  }

  /** Ends every channel because the connection is gone. */
  close(end: ConnectionEnd): void {
    this.#behindLeave = undefined;
    for (const channel of this.#channels.values()) channel.close(end);
  }

  ended(channel: ChannelProcess): void {
    if (this.#channels.get(channel.key) !== channel) return;
    this.#channels.delete(channel.key);
    const behind = this.#behindLeave?.get(channel.key) ?? [];
    this.#behindLeave?.delete(channel.key);
    for (const message of behind) this.receive(message);
  }

  /** Resolves when everything that has arrived so far is answered, as far as handlers answer. */
  async idle(): Promise<void> {
    await Promise.all(this.#channels.values().map((channel) => channel.idle()));
  }

  /** Answers a message that came too fast, and does not look at it. A leave still leaves, which makes room. */
  refuseLimited(message: TableMessage, retryAfterMs: number): void {
    if (message.kind === "leave") return this.receive(message);
    const { reason } = ERROR_CODES.rate_limited;
    const response = { reason, retry_after_ms: retryAfterMs };
    if (message.kind === "join") return this.#refuse(message, "rate_limited", response);
    if (message.kind !== "push") return this.#refuseCommand(message, "rate_limited");
    const { key, joinRef, ref } = message;
    this.#report(message, "rate_limited");
    this.#peer.send({ kind: "reply", key, joinRef, ref, status: "error", response });
  }

  /**
   * Where a second join is ignored, a join that follows a leave would be taken for a second one as long as the leave
   * waits in the channel's mailbox; the client would then hold a channel that the server has ended.
   */
  #awaitEnd(channel: ChannelProcess): void {
    if (this.#peer.wireProtocol.traits.secondJoin !== "ignored") return;
    if (this.#channels.get(channel.key) !== channel) return;
    this.#behindLeave ??= new Map<string, TableMessage[]>();
    this.#behindLeave.set(channel.key, []);
  }

  #hold(behind: TableMessage[], message: TableMessage): void {
    if (behind.length < this.#host.limits.maxPendingMessages) behind.push(message);
  }

  #join(message: JoinMessage, current: ChannelProcess | undefined): void {
    if (current !== undefined && this.#peer.wireProtocol.traits.secondJoin === "ignored") return;
    const route = this.#router.route(message.target, message.params);
    if (route === undefined) return this.#refuse(message, "unmatched_topic");
    if (current === undefined && this.#channels.size >= this.#maxChannels)
      return this.#refuse(message, "too_many_channels");
    // Every one of them may still be at work in its join handler.
    if (current !== undefined && current.unsaidCount >= this.#host.limits.maxPendingMessages)
      return this.#refuse(message, "overloaded");
    const replaced = current?.replace() ?? [];
    const channel = new ChannelProcess(this.#host, this.#peer, { route, message, replaced, owner: this });
    this.#channels.set(message.key, channel);
    channel.join();
  }

  #refuse({ key, joinRef, ref, target }: JoinMessage, code: ErrorName, response?: object): void {
    const { reason } = ERROR_CODES[code];
    const topic = target.kind === "topic" ? target.topic : target.name;
    this.#host.telemetry({ kind: "join_refused", connectionId: this.#peer.info.id, topic: topic.slice(0, 80), reason });
    if (code === "rate_limited" && this.#peer.wireProtocol.traits.limitedJoin === "ignored") return;
    // Phoenix answers a join that no route matches without the join ref (PHX-9).
    this.#peer.send({
      kind: "refused",
      key,
      joinRef: code === "unmatched_topic" ? null : joinRef,
      ref,
      response: response ?? { reason },
    });
  }

  #refuseCommand({ kind, key }: ChannelCommand, code: ErrorName): void {
    this.#report({ key, event: kind }, code);
    // Its sender waits for an answer, and asks nothing more until it comes.
    if (kind === "list") this.#peer.send({ kind: "presence", key, news: { kind: "unavailable" } });
  }

  #answerUnjoined(message: LeaveMessage | ClientPushMessage | ChannelCommand): void {
    if (message.kind !== "leave" && message.kind !== "push") return this.#refuseCommand(message, "unmatched_topic");
    const { key, joinRef, ref } = message;
    if (message.kind === "leave")
      return this.#peer.send({ kind: "reply", key, joinRef, ref, status: "ok", response: {} });
    this.#report(message, "unmatched_topic");
    const { reason } = ERROR_CODES.unmatched_topic;
    this.#peer.send({ kind: "reply", key, joinRef: null, ref, status: "error", response: { reason } });
  }

  #report({ key, event }: Pick<ClientPushMessage, "key" | "event">, code: ErrorName): void {
    const place = { connectionId: this.#peer.info.id, topic: key.slice(0, 80), event: event.slice(0, 80) };
    this.#host.telemetry({ kind: "message_refused", ...place, code });
  }
}
