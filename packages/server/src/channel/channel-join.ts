import {
  type EndedMessage,
  ERROR_CODES,
  type JoinMessage,
  type PresenceCard,
  type RecoveryReport,
} from "@hutong/protocol";
import type { Accept } from "../results.ts";
import type { Channel } from "./channel.ts";
import type { ChannelHost } from "./channel-host.ts";
import type { ChannelVoice } from "./channel-voice.ts";
import type { ChannelBehaviour } from "./define-channel.ts";
import type { Feed } from "./feed.ts";
import { JoinAttempt, type JoinOutcome } from "./join-attempt.ts";
import { withPastTime } from "./recover-plan.ts";
import type { Route } from "./router.ts";
import { settle } from "./settle.ts";

/** What a client asks for with a join. */
export interface JoinRequest {
  readonly route: Route;
  readonly message: JoinMessage;
  /** Said after the join has been answered: the ends of the channels that this one replaces. */
  readonly replaced: EndedMessage[];
}

/** A channel that is being joined. */
export interface JoiningChannel {
  readonly host: ChannelHost;
  /** The topic that is to be joined. */
  readonly topic: string;
  readonly voice: ChannelVoice;
  readonly feed: Feed;
  /** Whether the channel has ended meanwhile. */
  readonly isEnded: boolean;
  /** The handler has accepted: from here on the channel may push. */
  enter(assigns: object): Channel;
  /** The `joined` hook threw. */
  hookFailed(cause: unknown): void;
  /** Lists the client on the topic. */
  track(presence: PresenceCard): void;
  /** The join was refused, and the client has been told. */
  refused(): void;
  /** The join is over: what has arrived meanwhile has its turn. */
  begin(): void;
}

/**
 * The join of a channel: it has the handler decide, answers the client in the order that the traits of its wire protocol
 * ask for, and gives it what it missed. It runs within one call unless something has to be waited for.
 */
export class ChannelJoin {
  readonly #channel: JoiningChannel;
  readonly #request: JoinRequest;
  readonly #attempt: JoinAttempt;
  readonly #startedAtMs: number;

  constructor(channel: JoiningChannel, request: JoinRequest) {
    this.#channel = channel;
    this.#request = request;
    this.#attempt = new JoinAttempt(channel.topic, request.message.params, channel.voice.peer.info);
    this.#startedAtMs = channel.host.clock.now();
  }

  /** Ends that are still to be said; whoever replaces the channel takes them over. */
  get unsaid(): EndedMessage[] {
    return this.#request.replaced;
  }

  /** Whether the handler holds the signal, and is to hear of the channel's end. */
  get isWatched(): boolean {
    return this.#attempt.isWatched;
  }

  /** Tells the handler that its answer no longer matters. */
  abort(): void {
    this.#attempt.abort();
  }

  /** Runs the join to its end. */
  run(): void {
    const { host, feed, topic } = this.#channel;
    const timeoutMs = host.limits.joinTimeoutMs;
    const subscribe = (): void | Promise<void> => feed.add(topic);
    const outcome = this.#attempt.run(this.#behaviour, { clock: host.clock, timeoutMs, subscribe });
    if (outcome instanceof Promise) void outcome.then((late) => this.#conclude(late));
    else this.#conclude(outcome);
  }

  get #behaviour(): ChannelBehaviour {
    return this.#request.route.definition.behaviour;
  }

  #conclude(outcome: JoinOutcome): void {
    if (this.#channel.isEnded) return;
    void settle(
      () => (outcome.kind === "accept" ? this.#enter(outcome) : this.#refuse(outcome)),
      () => this.#finish(),
      (cause) => {
        // The response, or what waited for it, cannot be encoded.
        if (!this.#channel.isEnded) this.#refuse({ kind: "failed", cause });
        this.#finish();
      },
    );
  }

  #finish(): void {
    const { host, topic, voice, isEnded } = this.#channel;
    const durationMs = host.clock.now() - this.#startedAtMs;
    const connectionId = voice.peer.info.id;
    if (!isEnded) host.telemetry({ kind: "channel_joined", connectionId, topic, durationMs });
    this.#channel.begin();
  }

  #enter({ assigns, response }: Accept): void | Promise<void> {
    const channel = this.#channel.enter(assigns);
    const welcome = (recovery: RecoveryReport | undefined): void | Promise<void> =>
      this.#channel.isEnded ? undefined : this.#welcome(channel, response, recovery);
    const recovery = this.#recover();
    return recovery instanceof Promise ? recovery.then(welcome) : welcome(recovery);
  }

  /** Only a client that knows positions, or asks for history, is told of it. */
  #recover(): RecoveryReport | undefined | Promise<RecoveryReport | undefined> {
    const { host, voice, feed } = this.#channel;
    const { recover } = this.#request.message;
    if (recover === undefined && !voice.peer.wireProtocol.traits.positions) return undefined;
    return feed.prepare(recover && withPastTime(recover, host.clock.now()));
  }

  #welcome(channel: Channel, response: unknown, recovery: RecoveryReport | undefined): void | Promise<void> {
    const { joinAnswer, historyAnswer } = this.#channel.voice.peer.wireProtocol.traits;
    if (joinAnswer === "before_hook") this.#answer("joined", response, recovery);
    // The first page goes out within this call. A client that has more to catch up with does so beside its other work.
    if (historyAnswer === "with_join") void this.#channel.feed.follow();
    const finish = (): void => {
      if (this.#channel.isEnded) return;
      if (joinAnswer === "after_hook") this.#answer("joined", response, recovery);
      if (historyAnswer === "in_turn") this.#followInTurn(recovery);
    };
    return settle(
      () => this.#behaviour.joined?.(channel),
      finish,
      (cause) => {
        this.#channel.hookFailed(cause);
        if (!this.#channel.isEnded) this.#refuse({ kind: "failed", cause });
      },
    );
  }

  /** What was asked for with the join comes after its answer: the history first, then the client's place among the others. */
  #followInTurn(recovery: RecoveryReport | undefined): void {
    const { recover, presence } = this.#request.message;
    const track = (): void => {
      if (presence !== undefined && !this.#channel.isEnded) this.#channel.track(presence);
    };
    const following = this.#channel.feed.follow(recover && recovery);
    if (following === undefined) track();
    else void following.then(track);
  }

  #refuse(outcome: Exclude<JoinOutcome, Accept>): void {
    const { host, topic, voice } = this.#channel;
    const response = outcome.kind === "refuse" ? outcome.response : { reason: ERROR_CODES.join_crashed.reason };
    const connectionId = voice.peer.info.id;
    if (outcome.kind === "failed") host.telemetry({ kind: "join_failed", connectionId, topic, cause: outcome.cause });
    else host.telemetry({ kind: "join_refused", connectionId, topic, reason: reasonOf(response) });
    this.#answer("refused", response);
    this.#channel.refused();
  }

  #answer(kind: "joined" | "refused", response: unknown, recovery?: RecoveryReport): void {
    const { voice } = this.#channel;
    voice.answerJoin(kind, response, recovery);
    for (const ended of this.unsaid.splice(0)) voice.say(ended);
  }
}

function reasonOf(response: unknown): string {
  const reason =
    typeof response === "object" && response !== null && "reason" in response ? response.reason : undefined;
  return typeof reason === "string" ? reason.slice(0, 80) : ERROR_CODES.join_refused.reason;
}
