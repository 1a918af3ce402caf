import type {
  ChannelCommand,
  ClientPushMessage,
  EndedMessage,
  LeaveMessage,
  PresenceCard,
  PresenceMessage,
  Ref,
  ServerMessage,
} from "@hutong/protocol";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { Telemetry } from "../telemetry.ts";
import type { Channel, ConnectionInfo } from "./channel.ts";
import { ChannelCommands } from "./channel-commands.ts";
import type { ChannelHost } from "./channel-host.ts";
import { ChannelJoin, type JoiningChannel, type JoinRequest } from "./channel-join.ts";
import { type ChannelPeer, ChannelVoice, type SpokenChannel } from "./channel-voice.ts";
import type { CableOptions, ChannelBehaviour, PeriodicTimer } from "./define-channel.ts";
import { type FedChannel, Feed } from "./feed.ts";
import { handlePush } from "./handle-push.ts";
import { type ChannelPowers, JoinedChannel } from "./joined-channel.ts";
import { Mailbox, type MailboxOwner } from "./mailbox.ts";
import { type ChannelEnds, PushResponder } from "./push-responder.ts";
import { settle } from "./settle.ts";

/** Where a channel lives. */
export interface ChannelOwner {
  /** The channel is refused or has ended. Called once. */
  ended(process: ChannelProcess): void;
}

/** How a channel comes to be. */
export interface ChannelStart extends JoinRequest {
  readonly owner: ChannelOwner;
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

const NO_TIMERS: readonly (() => void)[] = [];

/**
 * A channel at work: it runs the join, then one message after the other, and ends
 * once. What it does to its client is decided by the traits of the wire protocol.
 * A server holds as many of these as clients have joins, so what only some of them need is made late, and
 * what only the join needs is let go of.
 */
export class ChannelProcess
  implements JoiningChannel, FedChannel, SpokenChannel, ChannelPowers, ChannelEnds, MailboxOwner<Item>
{
  readonly host: ChannelHost;
  readonly key: string;
  readonly topic: string;
  /** The join ref that the client gave, `null` when it gave none. */
  readonly joinRef: Ref;
  readonly voice: ChannelVoice;
  readonly feed: Feed;
  readonly #owner: ChannelOwner;
  readonly behaviour: ChannelBehaviour;
  readonly cableMessage: CableOptions["message"];
  readonly #mailbox: Mailbox<Item>;
  #commands: ChannelCommands | undefined = undefined;
  #pushes: PushResponder | undefined = undefined;
  /** Until it is over, and as long as its handler may listen to the signal. */
  #join: ChannelJoin | undefined;
  #state: "joining" | "joined" | "ended" = "joining";
  #channel: JoinedChannel | undefined = undefined;
  #timers = NO_TIMERS;

  constructor(host: ChannelHost, peer: ChannelPeer, start: ChannelStart) {
    const { route, message, owner } = start;
    this.host = host;
    this.key = message.key;
    this.topic = route.topic;
    this.joinRef = message.joinRef;
    this.#owner = owner;
    this.behaviour = route.definition.behaviour;
    this.cableMessage = message.target.kind === "name" ? this.behaviour.cable?.message : undefined;
    this.voice = new ChannelVoice(peer, message, this);
    this.#mailbox = new Mailbox<Item>(this, { held: true });
    this.feed = new Feed(this, this.voice);
    this.#join = new ChannelJoin(this, start);
  }

  get info(): ConnectionInfo {
    return this.voice.peer.info;
  }

  get telemetry(): Telemetry {
    return this.host.telemetry;
  }

  get isEnded(): boolean {
    return this.#state === "ended";
  }

  /** Runs the join handler and answers the client: within the call, unless something has to be waited for. */
  join(): void {
    this.#join?.run();
  }

  enter(assigns: object): Channel {
    this.#state = "joined";
    return (this.#channel = new JoinedChannel(this, assigns));
  }

  hookFailed(cause: unknown): void {
    this.#pushResponder.failed("joined", cause);
  }

  track(presence: PresenceCard): void {
    this.#channelCommands.track(presence);
  }

  refused(): void {
    this.#end("refused", undefined);
  }

  begin(): void {
    if (this.#join?.isWatched !== true) this.#join = undefined;
    const { timers } = this.behaviour;
    if (!this.isEnded && timers.length > 0) {
      const { clock } = this.host;
      this.#timers = timers.map((timer) => {
        const item = { kind: "timer", timer } as const;
        // A timer whose turn has not come is not due again: slow handlers would leave no room for pushes.
        return clock.every(timer.everyMs, () => this.#mailbox.has(item) || this.#post(item));
      });
    }
    this.#mailbox.release();
  }

  /** Takes a push, leave or command of the client, after all earlier ones. */
  receive(message: ClientPushMessage | LeaveMessage | ChannelCommand): void {
    // A leave makes room, and Action Cable could not be told that it was refused.
    if (message.kind === "leave") return this.#mailbox.post(message);
    if (this.#post(message)) return;
    if (message.kind === "push") this.#pushResponder.refuseOverloaded(message);
    else this.#channelCommands.refuse(message, "overloaded");
  }

  intercept(broadcast: Broadcast): void {
    this.#post({ kind: "broadcast", broadcast });
  }

  newsFor(broadcast: Broadcast): readonly PresenceMessage[] | undefined {
    return this.behaviour.cable?.presence === undefined ? undefined : this.#channelCommands.newsFor(broadcast);
  }

  /** Sends an event to the client. Nothing is sent before the join is accepted or after the client is gone. */
  push(event: string, payload: unknown): void {
    if (this.#state !== "joining") this.voice.push(event, payload);
  }

  /** Ends the channel as intended; the client is told. */
  stop(reason: string): void {
    this.#end(reason, this.voice.ended("stopped"));
  }

  /** Ends the channel because its connection is gone. What `isLost` leaves behind waits for the client to come back. */
  close({ isLost }: ConnectionEnd): void {
    this.voice.mute();
    if (isLost) this.host.presence.abandon(this.topic, this);
    this.#end("closed", undefined);
  }

  /** Resolves when no handler is at work and no message waits for one. */
  idle(): Promise<void> {
    return this.#mailbox.idle();
  }

  /** Joins that this one has replaced and that are still to be told. */
  get unsaidCount(): number {
    return this.#join?.unsaid.length ?? 0;
  }

  /** Ends the channel for a newer join of its key, and gives what is to be said after that join's answer. */
  replace(): EndedMessage[] {
    // The list is handed on, not copied: a client may replace a join thousands of times before one is answered.
    const unsaid = this.#join?.unsaid ?? [];
    this.voice.mute();
    this.#end("replaced", undefined);
    unsaid.push(this.voice.ended("replaced"));
    return unsaid;
  }

  /** Ends the channel so that the client joins again. */
  crash(reason: string): void {
    this.#end(reason, this.voice.crashed());
  }

  /** The client is made to join again. Where a crash would not bring it back, its link is closed. */
  lost(): void {
    const { peer } = this.voice;
    if (peer.wireProtocol.traits.handlerFailure === "ends_channel") this.crash("history_lost");
    else peer.closeAsSlow();
  }

  /** A client that cannot be kept in step is made to join again, which tells it whether it has to load anew. */
  failed(cause: unknown): void {
    this.#pushResponder.failed("history", cause);
    this.crash("history_failed");
  }

  run(item: Item): void | Promise<void> {
    const channel = this.#channel;
    if (item.kind === "terminate" && channel !== undefined)
      return this.#guard("terminate", () => this.behaviour.terminate?.(channel, item.reason));
    if (channel === undefined || this.isEnded) return this.#answerLate(item);
    switch (item.kind) {
      case "push":
        if (this.#pushResponder.isRepeated(item)) return undefined;
        this.#pushResponder.begin();
        return handlePush(item, channel, this.behaviour, this.#pushResponder);
      case "leave":
        this.voice.reply(item.ref, "ok", {});
        return this.#end("left", this.voice.ended("left"));
      case "broadcast": {
        const { event, payload } = item.broadcast;
        return this.#guard(event, () => this.behaviour.interceptors.get(event)?.(payload, channel));
      }
      case "timer":
        return this.#guard("timer", () => item.timer.run(channel));
      case "recover":
      case "track":
      case "untrack":
      case "list":
      case "whisper":
        return this.#channelCommands.run(item);
      case "terminate":
        return undefined;
      default:
        return item satisfies never;
    }
  }

  get #place(): { readonly connectionId: string; readonly topic: string } {
    return { connectionId: this.info.id, topic: this.topic };
  }

  get #pushResponder(): PushResponder {
    return (this.#pushes ??= new PushResponder(this.host, this.topic, this.voice, this));
  }

  get #channelCommands(): ChannelCommands {
    return (this.#commands ??= new ChannelCommands(this, this.behaviour.cable));
  }

  #end(reason: string, last: ServerMessage | undefined): void {
    if (this.isEnded) return;
    this.#state = "ended";
    this.#join?.abort();
    this.feed.end();
    for (const cancel of this.#timers) cancel();
    this.host.presence.untrack(this.topic, this);
    this.#owner.ended(this);
    if (last !== undefined) this.voice.say(last);
    for (const item of this.#mailbox.clear()) this.#answerLate(item);
    if (this.#channel === undefined) return;
    this.host.telemetry({ kind: "channel_ended", ...this.#place, reason });
    // In its turn, so that it runs after a handler that is still at work.
    this.#mailbox.post({ kind: "terminate", reason });
  }

  #post(item: Item): boolean {
    if (this.#mailbox.size >= this.host.limits.maxPendingMessages) return false;
    this.#mailbox.post(item);
    return true;
  }

  /** Runs code of the definition that is named in telemetry if it throws. */
  #guard(name: string, run: () => void | Promise<void>): void | Promise<void> {
    return settle(run, ignore, (cause) => this.#pushResponder.failed(name, cause));
  }

  #answerLate(item: Item): void {
    if (item.kind === "push" || item.kind === "leave") this.#pushResponder.answerLate(item);
  }
}

function ignore(): void {}
