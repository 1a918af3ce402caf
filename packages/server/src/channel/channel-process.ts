import {
  type ChannelCommand,
  type ClientPushMessage,
  ERROR_CODES,
  type EndedMessage,
  type JoinMessage,
  type LeaveMessage,
  type RecoveryReport,
  type Ref,
  type ServerMessage,
} from "@hutong/protocol";
import type { Presence } from "../presence/presence.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { Accept } from "../results.ts";
import type { Channel, ConnectionInfo } from "./channel.ts";
import type { ChannelHost } from "./channel-host.ts";
import { ChannelCommands } from "./channel-commands.ts";
import { type ChannelPeer, ChannelVoice } from "./channel-voice.ts";
import type { ChannelBehaviour, PeriodicTimer } from "./define-channel.ts";
import { encodedBroadcast, encodeFor } from "./encoded-broadcast.ts";
import { Follower } from "./follower.ts";
import { handlePush } from "./handle-push.ts";
import { JoinAttempt, type JoinOutcome } from "./join-attempt.ts";
import { type ChannelPowers, JoinedChannel } from "./joined-channel.ts";
import { Mailbox } from "./mailbox.ts";
import { type ChannelEnds, PushResponder } from "./push-responder.ts";
import { withPastTime } from "./recover-plan.ts";
import { Recoverer } from "./recoverer.ts";
import type { Route } from "./router.ts";
import { settle } from "./settle.ts";
import { Streams } from "./streams.ts";
import type { Subscriber } from "./subscriber.ts";

/** How a channel comes to be. */
export interface ChannelStart {
  readonly route: Route;
  readonly message: JoinMessage;
  /** Said after the join has been answered: the ends of the channels that this one replaces. */
  readonly replaced: EndedMessage[];
  /** Called once, when the channel is refused or has ended. */
  readonly onEnd: (process: ChannelProcess) => void;
}

/** How a connection came to its end. */
export interface ConnectionEnd {
  /** Whether the client did not say good-bye, and is expected to come back. */
  readonly isLost: boolean;
}

type Item =
  | ClientPushMessage
  | LeaveMessage
  | ChannelCommand
  | { readonly kind: "broadcast"; readonly broadcast: Broadcast }
  | { readonly kind: "timer"; readonly timer: PeriodicTimer<Channel> }
  | { readonly kind: "terminate"; readonly reason: string };

/**
 * A channel at work: it runs the join, then one message after the other, and ends
 * once. What it does to its client is decided by the traits of the wire protocol.
 */
export class ChannelProcess implements Subscriber, ChannelPowers, ChannelEnds {
  readonly host: ChannelHost;
  readonly peer: ChannelPeer;
  readonly key: string;
  readonly topic: string;
  /** The join ref that the client gave, `null` when it gave none. */
  readonly joinRef: Ref;
  readonly streams: Streams<Subscriber>;
  readonly #voice: ChannelVoice;
  readonly #pushes: PushResponder;
  readonly #start: ChannelStart;
  readonly #behaviour: ChannelBehaviour;
  readonly #mailbox: Mailbox<Item>;
  readonly #attempt: JoinAttempt;
  readonly #follower: Follower;
  readonly #recoverer: Recoverer;
  readonly #commands: ChannelCommands;
  #state: "joining" | "joined" | "ended" = "joining";
  #channel: JoinedChannel | undefined = undefined;
  #timers: readonly (() => void)[] = [];

  constructor(host: ChannelHost, peer: ChannelPeer, start: ChannelStart) {
    this.host = host;
    this.peer = peer;
    this.key = start.message.key;
    this.topic = start.route.topic;
    this.joinRef = start.message.joinRef;
    this.streams = new Streams<Subscriber>(host.pubsub, this);
    this.#start = start;
    this.#behaviour = start.route.definition.behaviour;
    this.#voice = new ChannelVoice(peer, start.message, (event, payload) => this.#translate(event, payload));
    this.#pushes = new PushResponder(host, this.topic, this.#voice, this);
    this.#mailbox = new Mailbox((item) => this.#run(item), { held: true });
    this.#follower = new Follower({
      topic: this.topic,
      store: this.#behaviour.history && host.store,
      maxBacklog: host.limits.maxPendingMessages,
      deliver: (broadcast) => this.#deliver(broadcast),
      hasRoom: () => peer.hasRoom,
      drained: () => peer.drained(),
    });
    this.#recoverer = new Recoverer(this.#follower, this.#voice, {
      lost: () => this.#lost(),
      failed: (cause) => this.#historyFailed(cause),
    });
    const { cable } = this.#behaviour;
    const [voice, recoverer] = [this.#voice, this.#recoverer];
    this.#commands = new ChannelCommands({ host, topic: this.topic, channel: this, voice, recoverer, cable });
    this.#attempt = new JoinAttempt(this.topic, start.message.params, peer.info);
  }

  get info(): ConnectionInfo {
    return this.peer.info;
  }

  get presence(): Presence {
    return this.host.presence;
  }

  get isEnded(): boolean {
    return this.#state === "ended";
  }

  /** Runs the join handler and answers the client. Resolves when the channel takes messages, or has ended. */
  async join(): Promise<void> {
    const { clock, telemetry } = this.host;
    const startedAtMs = clock.now();
    const outcome = await this.#attempt.run(this.#behaviour, {
      clock,
      timeoutMs: this.host.limits.joinTimeoutMs,
      subscribe: () => this.streams.add(this.topic),
    });
    if (this.isEnded) return;
    try {
      if (outcome.kind === "accept") await this.#enter(outcome);
      else this.#refuse(outcome);
    } catch (cause) {
      // The response, or a broadcast that waited for it, cannot be encoded.
      if (!this.isEnded) this.#refuse({ kind: "failed", cause });
    }
    if (!this.isEnded) {
      telemetry({ kind: "channel_joined", ...this.#place, durationMs: clock.now() - startedAtMs });
      this.#timers = this.#behaviour.timers.map((timer) =>
        clock.every(timer.everyMs, () => this.#post({ kind: "timer", timer })),
      );
    }
    this.#mailbox.release();
  }

  /** Takes a push, leave or command of the client, after all earlier ones. */
  receive(message: ClientPushMessage | LeaveMessage | ChannelCommand): void {
    // A leave makes room, and Action Cable could not be told that it was refused.
    if (message.kind === "leave") return this.#mailbox.post(message);
    if (this.#post(message)) return;
    if (message.kind === "push") this.#pushes.refuseOverloaded(message);
    else this.#commands.refuse(message, "overloaded");
  }

  takes(broadcast: Broadcast): boolean {
    const isOwn = broadcast.topic === this.topic;
    if (isOwn && !this.#follower.isLive) {
      this.#follower.hold(broadcast);
      return true;
    }
    if (isOwn && broadcast.stamp !== undefined) this.#follower.passed(broadcast.stamp);
    return this.#intercepts(broadcast);
  }

  skip(broadcast: Broadcast): void {
    const { topic, stamp } = broadcast;
    if (stamp === undefined || topic !== this.topic) return;
    // Until it is live, a client is given what the history has, which does not know who sent what.
    if (!this.#follower.isLive) return this.#follower.hold(broadcast);
    this.#follower.passed(stamp);
    if (!this.peer.wireProtocol.traits.positions) return;
    const frame = this.peer.wireProtocol.encode({ kind: "skip", key: this.key, stamp });
    // Recoverable like its neighbours: if they are left out and it is not, it comes after a gap.
    if (frame !== undefined) this.peer.sendFrame(encodedBroadcast(frame, broadcast));
  }

  /** The client reads too slowly: what it was to be given from `offset` on is given later, from the history. */
  lag(offset: number): void {
    this.#recoverer.lag(offset);
  }

  messagesFor(broadcast: Broadcast): readonly ServerMessage[] {
    const isOwn = broadcast.topic === this.topic;
    const news = isOwn ? this.#commands.newsFor(broadcast) : undefined;
    if (news !== undefined) return news;
    const { stamp: _stamp, ...unstamped } = broadcast;
    const message = this.#voice.broadcast(isOwn ? broadcast : unstamped);
    return message === undefined ? [] : [message];
  }

  /** Sends an event to the client. Nothing is sent before the join is accepted or after the client is gone. */
  push(event: string, payload: unknown): void {
    if (this.#state !== "joining") this.#voice.push(event, payload);
  }

  /** Sends an event to every channel on the topic. */
  broadcast(event: string, payload: unknown): void {
    this.host.publisher.publish({ topic: this.topic, event, payload });
  }

  /** Sends an event to every channel on the topic but this one. */
  broadcastToOthers(event: string, payload: unknown): void {
    this.host.publisher.publish({ topic: this.topic, event, payload }, this);
  }

  /** Resolves when the client has room for more, or is gone. */
  drained(): Promise<void> {
    return this.peer.drained();
  }

  /** Ends the channel as intended; the client is told. */
  stop(reason: string): void {
    this.#end(reason, this.#voice.ended("stopped"));
  }

  /** Ends the channel because its connection is gone. What `isLost` leaves behind waits for the client to come back. */
  close({ isLost }: ConnectionEnd): void {
    this.#voice.mute();
    if (isLost) this.host.presence.abandon(this.topic, this);
    this.#end("closed", undefined);
  }

  /** Resolves when no handler is at work and no message waits for one. */
  idle(): Promise<void> {
    return this.#mailbox.idle();
  }

  /** Joins that this one has replaced and that are still to be told. */
  get unsaidCount(): number {
    return this.#state === "joining" ? this.#start.replaced.length : 0;
  }

  /** Ends the channel for a newer join of its key, and gives what is to be said after that join's answer. */
  replace(): EndedMessage[] {
    // The list is handed on, not copied: a client may replace a join thousands of times before one is answered.
    const unsaid = this.#state === "joining" ? this.#start.replaced : [];
    this.#voice.mute();
    this.#end("replaced", undefined);
    unsaid.push(this.#voice.ended("replaced"));
    return unsaid;
  }

  /** Ends the channel so that the client joins again. */
  crash(reason: string): void {
    this.#end(reason, this.#voice.crashed());
  }

  get #place(): { readonly connectionId: string; readonly topic: string } {
    return { connectionId: this.peer.info.id, topic: this.topic };
  }

  /** The client is made to join again. Where a crash would not bring it back, its link is closed. */
  #lost(): void {
    if (this.peer.wireProtocol.traits.handlerFailure === "ends_channel") this.crash("history_lost");
    else this.peer.closeAsSlow();
  }

  #isJoined(): boolean {
    return this.#state === "joined";
  }

  async #enter({ assigns, response }: Accept): Promise<void> {
    const channel = new JoinedChannel(this, assigns);
    this.#channel = channel;
    this.#state = "joined";
    const recovery = await this.#recover();
    if (this.isEnded) return;
    const { joinAnswer, historyAnswer } = this.peer.wireProtocol.traits;
    if (joinAnswer === "before_hook") this.#answerJoin("joined", response, recovery);
    // The first page goes out within this call. A client that has more to catch up with does so beside its other work.
    if (historyAnswer === "with_join") void this.#recoverer.follow();
    await settle(
      () => this.#behaviour.joined?.(channel),
      ignore,
      (cause) => this.#joinedHookFailed(cause),
    );
    if (!this.#isJoined()) return;
    if (joinAnswer === "after_hook") this.#answerJoin("joined", response, recovery);
    if (historyAnswer === "in_turn") this.#followInTurn(recovery);
  }

  /** What was asked for with the join comes after its answer: the history first, then the client's place among the others. */
  #followInTurn(recovery: RecoveryReport | undefined): void {
    const { recover, presence } = this.#start.message;
    const followed = this.#recoverer.follow(recover && recovery);
    if (presence !== undefined) void followed.then(() => this.#isJoined() && this.#commands.track(presence));
  }

  #joinedHookFailed(cause: unknown): void {
    this.#pushes.failed("joined", cause);
    if (this.#isJoined()) this.#refuse({ kind: "failed", cause });
  }

  #refuse(outcome: Exclude<JoinOutcome, Accept>): void {
    const response = outcome.kind === "refuse" ? outcome.response : { reason: ERROR_CODES.join_crashed.reason };
    if (outcome.kind === "failed") this.host.telemetry({ kind: "join_failed", ...this.#place, cause: outcome.cause });
    else this.host.telemetry({ kind: "join_refused", ...this.#place, reason: reasonOf(response) });
    this.#answerJoin("refused", response);
    this.#end("refused", undefined);
  }

  /** Only a client that knows positions, or asks for history, is told of it. */
  #recover(): Promise<RecoveryReport | undefined> {
    const { recover } = this.#start.message;
    const isTold = recover !== undefined || this.peer.wireProtocol.traits.positions;
    return isTold
      ? this.#follower.prepare(recover && withPastTime(recover, this.host.clock.now()))
      : Promise.resolve(undefined);
  }

  /** A client that cannot be kept in step is made to join again, which tells it whether it has to load anew. */
  #historyFailed(cause: unknown): void {
    this.#pushes.failed("history", cause);
    this.crash("history_failed");
  }

  #answerJoin(kind: "joined" | "refused", response: unknown, recovery?: RecoveryReport): void {
    this.#voice.answerJoin(kind, response, recovery);
    for (const ended of this.#start.replaced) this.#voice.say(ended);
  }

  #intercepts(broadcast: Broadcast): boolean {
    if (!this.#behaviour.interceptors.has(broadcast.event)) return false;
    this.#post({ kind: "broadcast", broadcast });
    return true;
  }

  /** Gives a broadcast to this client alone. */
  #deliver(broadcast: Broadcast): void {
    if (this.#intercepts(broadcast)) return;
    for (const frame of encodeFor(this, broadcast)) this.peer.sendFrame(frame);
  }

  /** What the definition makes of an event for clients that reached it by its Action Cable name. */
  #translate(event: string, payload: unknown): unknown {
    const translate = this.#start.message.target.kind === "name" ? this.#behaviour.cable?.message : undefined;
    if (translate === undefined) return payload === undefined ? {} : payload;
    try {
      return translate(event, payload);
    } catch (cause) {
      this.host.telemetry({ kind: "handler_failed", ...this.#place, event: event.slice(0, 80), cause });
      return undefined;
    }
  }

  #post(item: Item): boolean {
    if (this.#mailbox.size >= this.host.limits.maxPendingMessages) return false;
    this.#mailbox.post(item);
    return true;
  }

  #run(item: Item): void | Promise<void> {
    const channel = this.#channel;
    if (item.kind === "terminate" && channel !== undefined) return this.#terminate(channel, item.reason);
    if (channel === undefined || this.isEnded) return this.#answerLate(item);
    switch (item.kind) {
      case "push":
        if (this.#pushes.isRepeated(item)) return undefined;
        this.#pushes.begin();
        return handlePush(item, channel, this.#behaviour, this.#pushes);
      case "leave":
        this.#voice.reply(item.ref, "ok", {});
        return this.#end("left", this.#voice.ended("left"));
      case "broadcast": {
        const { event, payload } = item.broadcast;
        const intercept = this.#behaviour.interceptors.get(event);
        return settle(
          () => intercept?.(payload, channel),
          ignore,
          (cause) => this.#pushes.failed(event, cause),
        );
      }
      case "timer":
        return settle(
          () => item.timer.run(channel),
          ignore,
          (cause) => this.#pushes.failed("timer", cause),
        );
      case "recover":
      case "track":
      case "untrack":
      case "list":
      case "whisper":
        return this.#commands.run(item);
      case "terminate":
        return undefined;
      default:
        return item satisfies never;
    }
  }

  #end(reason: string, last: ServerMessage | undefined): void {
    if (this.isEnded) return;
    this.#state = "ended";
    this.#attempt.abort();
    this.streams.end();
    this.#follower.end();
    for (const cancel of this.#timers) cancel();
    this.host.presence.untrack(this.topic, this);
    this.#start.onEnd(this);
    if (last !== undefined) this.#voice.say(last);
    for (const item of this.#mailbox.clear()) this.#answerLate(item);
    if (this.#channel === undefined) return;
    this.host.telemetry({ kind: "channel_ended", ...this.#place, reason });
    // In its turn, so that it runs after a handler that is still at work.
    this.#mailbox.post({ kind: "terminate", reason });
  }

  #terminate(channel: JoinedChannel, reason: string): void | Promise<void> {
    return settle(
      () => this.#behaviour.terminate?.(channel, reason),
      ignore,
      (cause) => this.#pushes.failed("terminate", cause),
    );
  }

  #answerLate(item: Item): void {
    if (item.kind === "push" || item.kind === "leave") this.#pushes.answerLate(item);
  }
}

function ignore(): void {}

function reasonOf(response: unknown): string {
  const reason =
    typeof response === "object" && response !== null && "reason" in response ? response.reason : undefined;
  return typeof reason === "string" ? reason.slice(0, 80) : ERROR_CODES.join_refused.reason;
}
