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

/** What the API needs of a session. */
export interface TokenSource {
  token(): Promise<string>;
  refresh(used: string): Promise<{ readonly accessToken: string }>;
}

/** What the API needs of a link. */
export interface ActionLink {
  isLive(): boolean;
  push(name: SocketActionName, input: object): Promise<unknown>;
}

/** Makes the API of a signed-in user. */
export function createCall(link: ActionLink, http: HttpCall, tokens: TokenSource): Call {
  const perform = async (name: SocketActionName, input: object): Promise<unknown> => {
    if (link.isLive()) return link.push(name, input);
    const token = await tokens.token();
    try {
      return await http(name, input, token);
    } catch (error) {
      if (codeOf(error) !== "token_expired") throw error;
      return http(name, input, (await tokens.refresh(token)).accessToken);
    }
  };
  return async <TName extends SocketActionName>(name: TName, input: ActionInput<TName>) =>
    // The server answers what its contract says; `routes.test.ts` holds the table to it.
    (await perform(name, input)) as ActionOutput<TName>;
}

/** Makes the calls that need no session. */
export function createAnonymousCall(http: HttpCall) {
  return async <TName extends AnonymousActionName>(name: TName, input: ActionInput<TName>) =>
    // As in `createCall`.
    (await http(name, input, undefined)) as ActionOutput<TName>;
}
