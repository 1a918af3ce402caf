import type { ActionName, ActionOutput, AnonymousActionName, ParsedInput, User } from "@hutong/chat-api";

/** Who calls: found out by the server, never taken from the input. */
export interface Caller {
  readonly userId: string;
  readonly kind: User["kind"];
  readonly sessionId: string;
}

/** What a handler without a session knows of a call. */
export interface AnonymousCall {
  /** For rates. */
  readonly remoteAddress: string;
}

/** What a handler knows of a call. */
export interface SignedInCall extends AnonymousCall {
  readonly caller: Caller;
}

/**
 * What answers the actions. A handler rejects with a `ChatError` for everything that the caller can understand; anything
 * else that it throws is an `internal` error to the caller and is logged.
 */
export type Handlers<TName extends ActionName = ActionName> = {
  readonly [TAction in TName]: (
    input: ParsedInput<TAction>,
    call: TAction extends AnonymousActionName ? AnonymousCall : SignedInCall,
  ) => Promise<ActionOutput<TAction>>;
};
