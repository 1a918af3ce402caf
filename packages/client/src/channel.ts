import type { ChannelContract, ChannelError, RecoveryReport, StreamPosition } from "@hutong/protocol";
import type {
  EventPayload,
  JoinParams,
  PushArguments,
  PushEvent,
  PushReply,
  SentEvent,
  UntypedContract,
} from "./contract-types.ts";
import type { Snapshot, SnapshotState } from "./channel/snapshot-loader.ts";
import type { WaitOptions } from "./wait.ts";

/** What became of the messages that a channel with history missed. */
export type ChannelRecovery = Pick<RecoveryReport, "recovered" | "reason">;

/** Where a channel is in its life. */
export type ChannelState =
  /** Not joined, and nobody asked for it. */
  | { readonly kind: "idle" }
  /** Waits for the link, or for the server's answer. */
  | { readonly kind: "joining" }
  /**
   * Joined; `response` is the server's answer to the latest join. `recovery` is there on topics with history: if
   * it says `recovered: false`, messages may have been missed and what is shown has to be loaded
   * anew, by the channel's `snapshot` or by whoever listens. `snapshot` is there when the channel's was needed.
   */
  | {
      readonly kind: "joined";
      readonly response: unknown;
      readonly recovery?: ChannelRecovery | undefined;
      readonly snapshot?: SnapshotState | undefined;
    }
  /** A join failed or the channel crashed; it joins again at `retryAtMs`, milliseconds since 1970. */
  | { readonly kind: "waiting"; readonly retryAtMs: number; readonly error: ChannelError }
  /** The server said no. Only another call of `join` tries again. */
  | { readonly kind: "refused"; readonly error: ChannelError }
  | { readonly kind: "leaving" }
  /** Over for good: left from here, ended by the server, or closed together with the socket. */
  | { readonly kind: "closed"; readonly cause: "left" | "ended" | "socket_closed" };

/** How a channel keeps in step with its topic. */
export interface ChannelOptions {
  /**
   * Loads what the channel shows, and puts it in place. Called after every join that did not recover what was missed, the first
   * one included; again after a failure, with growing waits. Stamped broadcasts that arrive meanwhile are held
   * back and delivered afterwards. Resolve with the position at which the data stands, read in one step with the data,
   * and nothing is delivered that the data holds. With a position that was read before the data, or with none, some of it may be
   * delivered again; one that is ahead of the data loses messages. Never called twice at a time, so one that never settles holds
   * back what is broadcast for ever: give its requests a deadline.
   */
  readonly snapshot?: Snapshot;
  /**
   * Where the data stands that the application kept from an earlier page: the first join goes on from there, and `snapshot`
   * is called only when the server cannot. Keep data and `channel.position` in one transaction: a position that is ahead of its
   * data loses messages. @defaultValue nowhere
   */
  readonly position?: StreamPosition;
}

/** What follows the topic of a channel. The parameters may be left out when their schema allows that. */
export type ChannelArguments<TContract extends ChannelContract> =
  object extends JoinParams<TContract>
    ? [params?: JoinParams<TContract>, options?: ChannelOptions]
    : [params: JoinParams<TContract>, options?: ChannelOptions];

/**
 * One socket joined to one topic. It stays joined: after the link broke, or the
 * channel crashed on the server, it joins again by itself, with the same parameters.
 */
export interface Channel<TContract extends ChannelContract = UntypedContract> {
  /** The topic it was made for. */
  readonly topic: string;
  /** The latest state. */
  readonly state: ChannelState;
  /**
   * The place of the last message of the topic's history that was delivered, or that the data holds; inside a handler, of
   * the message that it handles. `undefined` on topics without history, and while `snapshot` is needed.
   */
  readonly position: StreamPosition | undefined;
  /**
   * Joins, and keeps the channel joined. Resolves with the server's answer to the
   * first join that succeeds; a second call returns the same promise. May be called
   * before the socket is connected. The join's own errors that pass, such as
   * `join_crashed`, are retried and do not reject.
   *
   * @throws {ChannelError} `join_refused`, or a more exact code, when the server
   * says no: the channel does not try again by itself. `join_timeout` when
   * `timeoutMs` (default: the socket's) passed since the call: only the wait ends,
   * the channel goes on trying, and `cause` says how channel and socket stood. `closed` when it is left or ended meanwhile.
   * @throws {ClosedError} when the channel or socket is closed already, or the socket closes meanwhile.
   */
  join(options?: WaitOptions): Promise<unknown>;
  /**
   * Sends an event and resolves with the server's reply. Pushes reach the server in
   * the order of these calls. While the channel is not joined they wait, at most
   * `maxOutboxPushes` of them; `timeoutMs` (default: the socket's) runs from the
   * call, and what ran out of time is never sent. A payload that is left out goes as `{}`.
   *
   * A durable push waits in `socket.outbox` until the server has answered, over breaks of the link and, with
   * a storage, over reloads. It is sent as often as that takes, always under the same id, by which a Hutong
   * server handles it once: for as long as that server runs and remembers, 10 minutes by default. Durable pushes of a
   * channel are handled in the order of these calls. The handler has to reply. Without `timeoutMs` it waits for ever; an
   * answer that may pass, such as `overloaded`, and the loss of the link do not reject.
   *
   * @throws {ChannelError} the code of the server's refusal, of this push or of the
   * join it waited for, with its `reason` and `response`; `connection_lost` as soon as the link breaks after the push was
   * sent, when nobody knows whether the server handled it; `reply_timeout`;
   * `outbox_full`; `channel_crash`, of a durable push after three crashes that it may have caused; `push_refused` with
   * the reason `too_big`, of one during which the server closed the link for that; `closed`.
   * @throws {TypeError} at once, when a durable push is asked of a socket without the option `outbox`.
   * @throws {ClosedError} when the channel or socket is closed.
   */
  push<TEvent extends PushEvent<TContract>>(
    event: TEvent,
    ...rest: PushArguments<TContract, TEvent>
  ): Promise<PushReply<TContract, TEvent>>;
  /**
   * Calls the handler for every such event that the server sends, in the order of
   * arrival; the returned function ends that. On topics with history every broadcast
   * arrives once, in order, also what was sent while the link was down, or the state says
   * `recovered: false`. Elsewhere what is sent while the link is down does not arrive later.
   * A handler that throws is reported by the runtime as an uncaught error and disturbs nobody else.
   */
  on<TEvent extends SentEvent<TContract>>(
    event: TEvent,
    handler: (payload: EventPayload<TContract, TEvent>) => void,
  ): () => void;
  /** Calls the handler after every change of the state; the returned function ends that. */
  onState(handler: (state: ChannelState) => void): () => void;
  /**
   * Leaves, and ends this object: the next `socket.channel` of the topic makes a new
   * one. Resolves when the server has answered, the link is gone, or the socket's
   * timeout has passed; never rejects. A second call returns the same promise.
   */
  leave(): Promise<void>;
}
