import type { ActionInput, ActionOutput, AnonymousActionName, SocketActionName } from "@hutong/chat-api";

import { codeOf } from "./call-error.ts";
import type { HttpCall } from "./http-call.ts";

/**
 * Calls an action of the server: over the socket while the inbox is joined, over HTTP otherwise.
 *
 * @throws {CallError} the server's refusal, or `network` when nobody knows whether it was done.
 */
export type Call = <TName extends SocketActionName>(
  name: TName,
  input: ActionInput<TName>,
) => Promise<ActionOutput<TName>>;

/** Calls an action that needs no session, over HTTP. Rejects as {@link Call} does. */
export type AnonymousCall = <TName extends AnonymousActionName>(
  name: TName,
  input: ActionInput<TName>,
) => Promise<ActionOutput<TName>>;

/** Gives access tokens. */
export interface TokenSource {
  /** An access token that is still good for a while. Rejects with a `CallError`. */
  token(): Promise<string>;
  /** Gets the next one, unless `used` is no longer the latest. Rejects with a `CallError`. */
  refresh(used: string): Promise<string>;
}

/** What calls need of a link. */
export interface ActionLink {
  /** Whether actions can be pushed now. */
  isLive(): boolean;
  /** Rejects with a `CallError`. */
  push(name: SocketActionName, input: object): Promise<unknown>;
}

/** Makes the calls of a signed-in user. */
export function createCall(link: ActionLink, http: HttpCall, tokens: TokenSource): Call {
  const perform = async (name: SocketActionName, input: object): Promise<unknown> => {
    if (link.isLive()) return link.push(name, input);
    const token = await tokens.token();
    try {
      return await http(name, input, token);
    } catch (error) {
      if (codeOf(error) !== "token_expired") throw error;
      return http(name, input, await tokens.refresh(token));
    }
  };
  return async <TName extends SocketActionName>(name: TName, input: ActionInput<TName>) =>
    // The server answers what its contract says; `routes.test.ts` holds the table to it.
    (await perform(name, input)) as ActionOutput<TName>;
}

/** Makes the calls that need no session, for example `sign_in` and `register`. */
export function createAnonymousCall(http: HttpCall): AnonymousCall {
  return async <TName extends AnonymousActionName>(name: TName, input: ActionInput<TName>) =>
    // As in `createCall`.
    (await http(name, input, undefined)) as ActionOutput<TName>;
}
