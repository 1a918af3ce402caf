import {
  type EndedMessage,
  ERROR_CODES,
  type JoinMessage,
  type PresenceMessage,
  type PresenceNews,
  type RecoveryReport,
  type Ref,
  type ServerMessage,
  type WireProtocol,
} from "@hutong/protocol";
import type { EncodedFrame } from "../encoded-frame.ts";
import type { Broadcast } from "../pubsub/envelope.ts";
import type { Telemetry } from "../telemetry.ts";
import type { ConnectionInfo } from "./channel.ts";

/** The client that a channel serves, as far as channels know it. */
export interface ChannelPeer {
  readonly info: ConnectionInfo;
  readonly wireProtocol: WireProtocol;
  /** Sends a message after everything sent before. @throws when it cannot be encoded. */
  send(message: ServerMessage): void;
  /** Sends a frame of the peer's wire protocol after everything sent before. */
  sendFrame(frame: EncodedFrame): void;
  /** Whether the client has room for more. */
  readonly hasRoom: boolean;
  /** Resolves when the client has room for more, or is gone. */
  drained(): Promise<void>;
  /** Ends the whole link of a client that cannot be kept in step, so that it connects and joins anew. */
  closeAsSlow(): void;
}

/** A channel that speaks to its client. */
export interface SpokenChannel {
  /** The topic that was joined. */
  readonly topic: string;
  /** What the definition makes of events for clients that reached it by its Action Cable name. */
  readonly cableMessage: ((event: string, payload: unknown) => unknown) | undefined;
  readonly telemetry: Telemetry;
}

/** What a channel says to its client, with the refs of its join. Mute, it says nothing. */
export class ChannelVoice {
  readonly peer: ChannelPeer;
  readonly #key: string;
  readonly #joinRef: Ref;
  readonly #ref: Ref;
  readonly #channel: SpokenChannel;
  #isMute = false;

  constructor(peer: ChannelPeer, { key, joinRef, ref }: JoinMessage, channel: SpokenChannel) {
    this.peer = peer;
    this.#key = key;
    this.#joinRef = joinRef;
    this.#ref = ref;
    this.#channel = channel;
  }

  /** The client is gone, or is with a newer channel of the same key. */
  mute(): void {
    this.#isMute = true;
  }

  /** Answers the join. */
  answerJoin(kind: "joined" | "refused", response: unknown, recovery?: RecoveryReport): void {
    const [key, joinRef, ref] = [this.#key, this.#joinRef, this.#ref];
    if (kind === "joined") this.say({ kind, key, joinRef, ref, response, recovery });
    else this.say({ kind, key, joinRef, ref, response });
  }

  /** Answers a push or leave. */
  reply(ref: Ref, status: string, response: unknown): void {
    this.say({ kind: "reply", key: this.#key, joinRef: this.#replyRef, ref, status, response });
  }

  /** Answers what came after the end as if the channel had never been joined (PHX: unmatched topic). */
  replyLate(kind: "push" | "leave", ref: Ref): void {
    const answer =
      kind === "leave"
        ? { status: "ok", response: {} }
        : { status: "error", response: { reason: ERROR_CODES.unmatched_topic.reason } };
    this.say({ kind: "reply", key: this.#key, joinRef: null, ref, ...answer });
  }

  /** Sends an event. */
  push(event: string, payload: unknown): void {
    const translated = this.#translate(event, payload);
    if (translated !== undefined)
      this.say({ kind: "push", key: this.#key, joinRef: this.#replyRef, event, payload: translated });
  }

  /** The message that carries a broadcast, `undefined` when the definition leaves it out. */
  broadcast({ topic, event, payload, json, stamp }: Broadcast): ServerMessage | undefined {
    const translated = this.#translate(event, payload);
    if (translated === undefined) return undefined;
    // The text is of the payload as it was sent, not of what a definition made of it.
    const shared = translated === payload ? json : undefined;
    const message = { kind: "broadcast", key: this.#key, event, payload: translated, json: shared } as const;
    return stamp === undefined ? message : { ...message, stamp, topic };
  }

  /** Says what became of the history that was asked for. */
  recovered(recovery: RecoveryReport): void {
    this.say({ kind: "recovered", key: this.#key, joinRef: this.#joinRef, recovery });
  }

  /** Says who is on the topic. */
  news(news: PresenceNews): void {
    this.say(this.newsMessage(news));
  }

  /** The message that says who is on the topic. */
  newsMessage(news: PresenceNews): PresenceMessage {
    return { kind: "presence", key: this.#key, news };
  }

  /** The message that the channel ended as intended. */
  ended(cause: EndedMessage["cause"]): EndedMessage {
    return { kind: "ended", key: this.#key, joinRef: this.#joinRef, cause };
  }

  /** The message that the channel ended because a handler failed. */
  crashed(): ServerMessage {
    return { kind: "crashed", key: this.#key, joinRef: this.#joinRef };
  }

  /** Sends a message. */
  say(message: ServerMessage): void {
    if (!this.#isMute) this.peer.send(message);
  }

  /** What is sent for an event's payload; `undefined` leaves the event out. */
  #translate(event: string, payload: unknown): unknown {
    const { cableMessage, topic, telemetry } = this.#channel;
    if (cableMessage === undefined) return payload === undefined ? {} : payload;
    try {
      return cableMessage(event, payload);
    } catch (cause) {
      const connectionId = this.peer.info.id;
      telemetry({ kind: "handler_failed", connectionId, topic, event: event.slice(0, 80), cause });
      return undefined;
    }
  }

  /** The ref of pushes and replies: the join's own ref when it had no join ref (PHX: join without join_ref). */
  get #replyRef(): Ref {
    return this.#joinRef ?? this.#ref;
  }
}
