/**
 * The types that a channel's definition shares with its client: which join
 * parameters it takes, which events it receives and which it sends. Types only;
 * the server checks values against the schemas, the client trusts the server.
 */

/**
 * The part of Standard Schema (version 1) that Hutong uses. Every schema of zod,
 * valibot, arktype and others satisfies it.
 */
export interface StandardSchema<TInput = unknown, TOutput = TInput> {
  /** The interface that Standard Schema fixes. */
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<TOutput> | Promise<SchemaResult<TOutput>>;
    readonly types?: { readonly input: TInput; readonly output: TOutput } | undefined;
  };
}

/** What a schema says of a value. */
export type SchemaResult<TOutput> =
  | { readonly value: TOutput; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value. */
export interface SchemaIssue {
  /** For people. */
  readonly message: string;
  /** Where in the value, from the outside in. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The value that a schema takes in. */
export type SchemaInput<TSchema> = TSchema extends StandardSchema<infer TInput, unknown> ? TInput : unknown;

/** The value that a schema gives out. */
export type SchemaOutput<TSchema> = TSchema extends StandardSchema<unknown, infer TOutput> ? TOutput : unknown;

/** What one received event carries, and what its reply carries. */
export interface ReceivedEvent {
  /** Schema of the payload that clients push. */
  readonly payload?: StandardSchema;
  /** Schema of the reply. */
  readonly reply?: StandardSchema;
}

/** The schemas of a channel. */
export interface ChannelContract {
  /** Schema of the join parameters. */
  readonly params?: StandardSchema;
  /** Events that clients push. */
  readonly receives?: Readonly<Record<string, ReceivedEvent>>;
  /** Events that the channel sends, with the schemas of their payloads. */
  readonly sends?: Readonly<Record<string, StandardSchema>>;
}
