/**
 * What a client may say and will hear on a channel, inferred from the contract that
 * the server's definition also satisfies. Where a contract is silent, any event
 * name goes and payloads are unknown.
 */
import type { ChannelContract, SchemaInput, SchemaOutput } from "@hutong/protocol";
import type { PushOptions } from "./push-options.ts";

/** The contract of a channel about which nothing is known. */
export type UntypedContract = ChannelContract;

/** The parameters that a join takes. */
export type JoinParams<TContract extends ChannelContract> = TContract extends { readonly params: infer TSchema }
  ? SchemaInput<TSchema>
  : unknown;

/** The events that the server receives. */
export type PushEvent<TContract extends ChannelContract> = TContract extends { readonly receives: infer TReceives }
  ? keyof TReceives & string
  : string;

type Received<TContract extends ChannelContract, TEvent extends string> = TContract extends {
  readonly receives: { readonly [TName in TEvent]: infer TReceived };
}
  ? TReceived
  : unknown;

/** The payload that a push carries; `unknown` when the contract has no schema for it. */
export type PushPayload<TContract extends ChannelContract, TEvent extends string> =
  Received<TContract, TEvent> extends { readonly payload: infer TSchema } ? SchemaInput<TSchema> : unknown;

/** The response that a push resolves with; `unknown` when the contract has no schema for it. */
export type PushReply<TContract extends ChannelContract, TEvent extends string> =
  Received<TContract, TEvent> extends { readonly reply: infer TSchema } ? SchemaOutput<TSchema> : unknown;

/** What follows the event's name in a push. The payload may be left out when its schema allows that. */
export type PushArguments<TContract extends ChannelContract, TEvent extends string> =
  undefined extends PushPayload<TContract, TEvent>
    ? [payload?: PushPayload<TContract, TEvent>, options?: PushOptions]
    : [payload: PushPayload<TContract, TEvent>, options?: PushOptions];

/** The events of presence, which a server may send on any channel. */
export type PresenceEvent = "presence_state" | "presence_diff";

/** The events that the server sends. */
export type SentEvent<TContract extends ChannelContract> =
  | PresenceEvent
  | (TContract extends { readonly sends: infer TSends } ? keyof TSends & string : string);

/** The payload of an event that the server sends; `unknown` when the contract has no schema for it. */
export type EventPayload<TContract extends ChannelContract, TEvent extends string> = TContract extends {
  readonly sends: { readonly [TName in TEvent]: infer TSchema };
}
  ? SchemaOutput<TSchema>
  : unknown;
