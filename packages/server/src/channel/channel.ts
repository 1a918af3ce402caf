import type { SchemaInput, StandardSchema } from "@hutong/protocol";
import type { PresenceMeta, PresenceState } from "../presence/presence-diff.ts";

/** What a handler may know of the connection that it serves. */
export interface ConnectionInfo<TAssigns extends object = Readonly<Record<string, unknown>>> {
  /** Unique on this node. */
  readonly id: string;
  /** The id that the `connect` handler gave; every connection that has it can be disconnected by it. */
  readonly socketId: string | undefined;
  /** What the `connect` handler assigned. */
  readonly assigns: Readonly<TAssigns>;
  /** The kind of link, for example `"websocket"`. */
  readonly transport: string;
  /** The wire protocol's name, for example `"phoenix-2"`. */
  readonly wireProtocol: string;
}

/** The schemas of the events that a channel sends. */
export type Sends = Readonly<Record<string, StandardSchema>>;

/** The payload that a channel sends with an event: the schema's input, or anything where no schemas are given. */
export type SentPayload<TSends extends Sends, TEvent extends string> = string extends keyof TSends
  ? unknown
  : TEvent extends keyof TSends
    ? SchemaInput<TSends[TEvent]>
    : PresenceState;

/**
 * One connection joined to one topic, as handlers see it. Nothing here waits for
 * the client: sending only queues, in the order of the calls.
 */
export interface Channel<
  TSends extends Sends = Sends,
  TAssigns extends object = Record<string, unknown>,
  TConnectionAssigns extends object = Readonly<Record<string, unknown>>,
> {
  /** The topic that was joined. */
  readonly topic: string;
  readonly connection: ConnectionInfo<TConnectionAssigns>;
  /** Data of this channel: a copy of the connection's assigns and what the join handler assigned. Handlers may change it. */
  readonly assigns: TAssigns & TConnectionAssigns;
  readonly presence: ChannelPresence;
  /**
   * Sends an event to this client. Delivered at most once. `presence_state` needs no schema: a channel with presence pushes
   * `presence.list()` with it when it is joined.
   */
  push<TEvent extends (keyof TSends & string) | "presence_state">(
    event: TEvent,
    payload: SentPayload<TSends, TEvent>,
  ): void;
  /**
   * Sends an event to every channel on the topic, on all nodes, this one included. Delivered at most once. A store of
   * history outside this process keeps it after the call: see `broadcastKept`.
   */
  broadcast<TEvent extends keyof TSends & string>(event: TEvent, payload: SentPayload<TSends, TEvent>): void;
  /**
   * Like `broadcast`, for answers that must not precede their message. Resolves when the topic's history has kept the
   * broadcast and it has gone out, after all earlier ones of the topic; at once where nothing is kept. Rejects with what the
   * store threw when it did not keep it: then nobody is given it, and a handler that lets that pass fails.
   *
   * @example
   * await channel.broadcastKept("new_msg", message);
   * return reply({ id: message.id });
   */
  broadcastKept<TEvent extends keyof TSends & string>(
    event: TEvent,
    payload: SentPayload<TSends, TEvent>,
  ): Promise<void>;
  /** Sends an event to every channel on the topic but this one. Delivered at most once. */
  broadcastToOthers<TEvent extends keyof TSends & string>(event: TEvent, payload: SentPayload<TSends, TEvent>): void;
  /**
   * Has the broadcasts of another topic pushed to this channel too: at most once, also where that topic has history.
   * Asking twice for a topic is the same as once. Resolves when broadcasts of all nodes arrive.
   */
  stream(topic: string): Promise<void>;
  /** Ends the stream of a topic; the channel's own topic is one, too. */
  stopStream(topic: string): void;
  /** Ends all streams, that of the channel's own topic included. The channel stays joined. */
  stopStreams(): void;
  /** Resolves when little waits for this client, or it is gone: for handlers that have much to push. */
  drained(): Promise<void>;
  /** Ends the channel as intended; the client is told. */
  stop(reason?: string): void;
}

/**
 * The presence entries that belong to one channel. They go when the channel ends; if its link broke they stay for
 * `graceMs`, and a channel that tracks their key again takes them over without a word to the others. Changes
 * that follow each other closely are broadcast as one diff.
 */
export interface ChannelPresence {
  /**
   * Adds this channel to the topic's presence and broadcasts the diff. Key and meta are sent to everyone: build them
   * from checked and shortened fields of what a client sent.
   *
   * @returns the entry's ref.
   * @throws {TypeError} when this channel tracks the key already, or key and meta are larger than `maxMetaBytes`.
   */
  track(key: string, meta?: object): string;
  /**
   * Replaces this channel's entry and broadcasts the diff. `undefined` when the channel does not track the key.
   *
   * @throws {ChannelError} `rate_limited` beyond `maxUpdates`; a handler that lets it pass answers its push with it.
   * @throws {TypeError} when key and meta are larger than `maxMetaBytes`.
   */
  update(key: string, change: object | ((meta: PresenceMeta) => object)): string | undefined;
  /** Removes this channel's entry and broadcasts the diff. Without an entry it does nothing. */
  untrack(key: string): void;
  /** Everyone on the topic, in the shape of a `presence_state` payload; nobody when there are more than `maxListed`. */
  list(): PresenceState;
  /** How many keys are on the topic, however many may be listed. Above `maxListed` clients hear it as `presence_count`. */
  count(): number;
}
