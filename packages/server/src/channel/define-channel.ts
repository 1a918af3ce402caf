import type {
  ChannelContract,
  ReceivedEvent,
  SchemaInput,
  SchemaOutput,
  StandardSchema,
  TopicPattern,
} from "@hutong/protocol";
import { isTopicPattern } from "@hutong/protocol";
import type { Retention } from "../history/history-store.ts";
import { resolveLimits } from "../options.ts";
import type { Channel, ConnectionInfo, Sends } from "./channel.ts";
import type { Accept, Refuse, Reply, Stop } from "../results.ts";

/** What a join handler is given. */
export interface JoinContext<TParams = unknown, TConnectionAssigns extends object = Readonly<Record<string, unknown>>> {
  /** The topic that is to be joined. */
  readonly topic: string;
  /** The join parameters, as the schema gives them out. */
  readonly params: TParams;
  readonly connection: ConnectionInfo<TConnectionAssigns>;
  /** Aborted when the answer no longer matters: the join timed out, was replaced, or the connection closed. */
  readonly signal: AbortSignal;
}

/** Answers a push later, outside the handler; several answers are sent in the order of the calls, none after the channel has ended. */
export type Answer<TResponse = unknown> = (result: Reply<TResponse> | Refuse) => void;

/** What a handler may answer: nothing, a reply, a refusal, or the end of the channel. */
export type HandlerResult<TResponse = unknown> = void | Reply<TResponse> | Refuse | Stop;

/** Handles one event. A channel's handlers run one at a time, in the order of the pushes. */
export type Handler<TPayload, TResponse, TChannel> = (
  payload: TPayload,
  channel: TChannel,
  answer: Answer<TResponse>,
) => HandlerResult<TResponse> | Promise<HandlerResult<TResponse>>;

/** The events that a channel receives. */
export type Receives = Readonly<Record<string, ReceivedEvent>>;

/** One handler per received event; any events where no schemas are given. */
// A plain mapped type, because a conditional one would be resolved before the
// join handler has told the type of the channel's assigns.
export type Handlers<TReceives extends Receives, TChannel> = {
  readonly [TEvent in keyof TReceives]: Handler<
    SchemaOutput<TReceives[TEvent]["payload"]>,
    SchemaInput<TReceives[TEvent]["reply"]>,
    TChannel
  >;
};

/** How Action Cable clients reach a channel. */
export interface CableOptions {
  /** The channel's class name, for example `"RoomChannel"`. */
  readonly name: string;
  /** The topic for the subscription's parameters. A topic outside the alphabet of topics refuses the subscription. */
  readonly topic: (params: Readonly<Record<string, unknown>>) => string;
  /**
   * What subscribers receive as `message` for an event, since this grammar carries no event names.
   * `undefined` leaves the event out. @defaultValue the payload
   */
  readonly message?: (event: string, payload: unknown) => unknown;
  /**
   * Whether clients of AnyCable's dialect may whisper: send the other subscribers a value of their own, past the handlers
   * and unchecked. They receive it like a broadcast of the event `whisper`. @defaultValue false
   */
  readonly whisper?: boolean;
  /**
   * What the topic's presence is to clients of AnyCable's dialect: they may see who is there (`"shown"`), or also list
   * themselves, under any id that they choose (`"open"`). @defaultValue nothing
   */
  readonly presence?: "shown" | "open";
}

/** What a channel keeps of its broadcasts. */
export interface HistoryOptions {
  /** Most messages that are kept per topic. @defaultValue 300 */
  readonly maxCount?: number;
  /** Greatest age of a message that is kept, in milliseconds. @defaultValue 3_600_000 */
  readonly maxAgeMs?: number;
  /**
   * Events that are not worth keeping, such as typing. Presence and intercepted events, and bytes, are never kept.
   * @defaultValue none
   */
  readonly except?: readonly string[];
}

/** Defaults of {@link HistoryOptions}. */
export const DEFAULT_HISTORY = { maxCount: 300, maxAgeMs: 3_600_000 } as const satisfies Required<Retention>;

/** Events of presence: the state they speak of is sent whole to everyone who joins. */
const PRESENCE_EVENTS = ["presence_state", "presence_diff"];

/** Something that a channel does at intervals while it is joined. */
export interface PeriodicTimer<TChannel> {
  /** Time between two runs, and before the first, in milliseconds. */
  readonly everyMs: number;
  /** Runs in turn with the channel's handlers. */
  readonly run: (channel: TChannel) => void | Promise<void>;
}

/** What an application writes for a pattern of topics. */
export interface ChannelSpec<
  TParams extends StandardSchema,
  TReceives extends Receives,
  TSends extends Sends,
  TAssigns extends object,
  TConnectionAssigns extends object,
> {
  /** Schema of the join parameters. */
  readonly params?: TParams;
  /** Schemas of the events that clients push, and of the replies. */
  readonly receives?: TReceives;
  /** Schemas of the events that the channel sends; types only. */
  readonly sends?: TSends;
  readonly cable?: CableOptions;
  /**
   * Keeps the latest broadcasts, so that a client that comes back is given what it missed. The first definition that
   * matches a topic decides. @defaultValue nothing is kept
   */
  readonly history?: HistoryOptions;
  /** Decides who may join. Runs beside the joins of other topics, within the join timeout. */
  readonly join: (
    context: JoinContext<SchemaOutput<TParams>, TConnectionAssigns>,
  ) => Accept<TAssigns> | Refuse | Promise<Accept<TAssigns> | Refuse>;
  /** Runs first in a joined channel, before any message of the client. */
  readonly joined?: (channel: Channel<TSends, TAssigns, TConnectionAssigns>) => void | Promise<void>;
  readonly handle?: Handlers<TReceives, Channel<TSends, TAssigns, TConnectionAssigns>>;
  /** Called for each subscriber instead of sending a broadcast of that event; it pushes by itself, or not. */
  readonly intercept?: Readonly<
    Record<string, (payload: unknown, channel: Channel<TSends, TAssigns, TConnectionAssigns>) => void | Promise<void>>
  >;
  /** What the channel does at intervals while it is joined. */
  readonly timers?: readonly PeriodicTimer<Channel<TSends, TAssigns, TConnectionAssigns>>[];
  /**
   * Runs last in every channel that was joined. `reason` is `"left"`, `"closed"`, `"replaced"`, `"crashed"` or
   * the one given to `stop`. What it pushes follows the message that ended the channel.
   */
  readonly terminate?: (channel: Channel<TSends, TAssigns, TConnectionAssigns>, reason: string) => void | Promise<void>;
}

type ErasedHandler = (payload: unknown, channel: Channel, answer: Answer) => unknown;

type ErasedInterceptor = (payload: unknown, channel: Channel) => void | Promise<void>;

/** A spec with its types worn off, as the server runs it: schemas have checked what handlers are given. */
export interface ChannelBehaviour {
  /** Schema of the join parameters. */
  readonly params: StandardSchema | undefined;
  /** Event → schema of its payload. */
  readonly payloads: ReadonlyMap<string, StandardSchema>;
  readonly cable: CableOptions | undefined;
  /** How much is kept; `undefined` keeps nothing. */
  readonly history: Retention | undefined;
  /** Events that are never kept. */
  readonly liveEvents: ReadonlySet<string>;
  readonly join: (context: JoinContext) => unknown;
  /** Runs first in a joined channel. */
  readonly joined: ((channel: Channel) => void | Promise<void>) | undefined;
  /** Event → its handler. */
  readonly handlers: ReadonlyMap<string, ErasedHandler>;
  /** Event → what is called instead of sending its broadcasts. */
  readonly interceptors: ReadonlyMap<string, ErasedInterceptor>;
  /** What the channel does at intervals. */
  readonly timers: readonly PeriodicTimer<Channel>[];
  /** Runs last in a joined channel. */
  readonly terminate: ((channel: Channel, reason: string) => void | Promise<void>) | undefined;
}

/**
 * A channel for a pattern of topics, made by {@link defineChannel}. Its type is the contract that clients infer from:
 * `socket.channel<typeof room>(…)`.
 */
export interface ChannelDefinition<
  TParams extends StandardSchema = StandardSchema,
  TReceives extends Receives = Receives,
  TSends extends Sends = Sends,
> extends ChannelContract {
  readonly pattern: TopicPattern;
  readonly params: TParams;
  readonly receives: TReceives;
  readonly sends: TSends;
  readonly behaviour: ChannelBehaviour;
}

/** {@link defineChannel}, for connections whose assigns have the type `TConnectionAssigns`. */
export type DefineChannel<TConnectionAssigns extends object> = <
  TParams extends StandardSchema = StandardSchema,
  TReceives extends Receives = Receives,
  TSends extends Sends = Sends,
  TAssigns extends object = Record<never, never>,
>(
  pattern: TopicPattern,
  spec: ChannelSpec<TParams, TReceives, TSends, TAssigns, TConnectionAssigns>,
) => ChannelDefinition<TParams, TReceives, TSends>;

/** A schema that lets every value pass; it stands where a definition names none. */
const ANYTHING: StandardSchema = { "~standard": { version: 1, vendor: "hutong", validate: (value) => ({ value }) } };

/**
 * Gives a {@link defineChannel} whose `connection.assigns` has the type that the `connect` handler assigns.
 *
 * @example
 * const defineChannel = channelsFor<{ user: User }>();
 */
export function channelsFor<TConnectionAssigns extends object>(): DefineChannel<TConnectionAssigns> {
  return <TParams extends StandardSchema, TReceives extends Receives, TSends extends Sends, TAssigns extends object>(
    pattern: TopicPattern,
    spec: ChannelSpec<TParams, TReceives, TSends, TAssigns, TConnectionAssigns>,
  ) => {
    if (!isTopicPattern(pattern))
      throw new TypeError(`"${pattern}" is no topic pattern; use a topic, or a prefix and one * at the end`);
    const { params = ANYTHING, receives = {}, sends = {} } = spec;
    // Where the spec names no schema, the type parameter is its default, which the stand-ins satisfy.
    const contract = { params, receives, sends } as { params: TParams; receives: TReceives; sends: TSends };
    return { ...contract, pattern, behaviour: toBehaviour(spec) };
  };
}

/**
 * Defines what happens on the topics of a pattern: who may join, what is handled and what is sent.
 *
 * @throws {TypeError} when the pattern is malformed.
 * @example
 * const room = defineChannel("room:*", {
 *   join: () => accept(),
 *   handle: { new_msg: (payload, channel) => channel.broadcast("new_msg", payload) },
 * });
 */
export const defineChannel: DefineChannel<Readonly<Record<string, unknown>>> = channelsFor();

function toBehaviour(spec: object): ChannelBehaviour {
  // The types of payloads, assigns and replies end here. They stay true because
  // the schemas check each payload, and the join handler its connection, first.
  const {
    cable,
    history,
    join,
    joined,
    params,
    receives = {},
    handle = {},
    intercept = {},
    timers = [],
    terminate,
  } = spec as ErasedSpec;
  const payloads = new Map<string, StandardSchema>();
  for (const [event, { payload }] of Object.entries(receives)) if (payload !== undefined) payloads.set(event, payload);
  const handlers = new Map(Object.entries(handle));
  const interceptors = new Map(Object.entries(intercept));
  const liveEvents = new Set([...PRESENCE_EVENTS, ...interceptors.keys(), ...(history?.except ?? [])]);
  const retention = history && resolveLimits(pickRetention(history), DEFAULT_HISTORY);
  return {
    cable,
    history: retention,
    liveEvents,
    join,
    joined,
    params,
    payloads,
    handlers,
    interceptors,
    timers,
    terminate,
  };
}

function pickRetention({ maxCount, maxAgeMs }: HistoryOptions): Partial<Retention> {
  return { ...(maxCount !== undefined && { maxCount }), ...(maxAgeMs !== undefined && { maxAgeMs }) };
}

interface ErasedSpec extends Pick<ChannelBehaviour, "cable" | "join" | "joined" | "params" | "terminate"> {
  readonly history?: HistoryOptions;
  readonly timers?: ChannelBehaviour["timers"];
  readonly receives?: Receives;
  readonly handle?: Readonly<Record<string, ErasedHandler>>;
  readonly intercept?: Readonly<Record<string, ErasedInterceptor>>;
}
