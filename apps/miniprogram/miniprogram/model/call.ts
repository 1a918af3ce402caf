import type { ActionInput, ActionOutput, AnonymousActionName } from "@hutong/chat-api";
import { codeOf } from "./call-error";
import type { UsedAction } from "./routes";

/** The actions of a signed-in user that this client asks for. */
export type CalledAction = Exclude<UsedAction, AnonymousActionName>;
/** The actions without a session that this client asks for. */
export type EntryAction = Extract<UsedAction, AnonymousActionName>;

/**
 * Calls an action of the server: over the socket while the inbox is joined, over HTTP otherwise.
 *
 * @throws {CallError} the server's refusal, or `network` when nobody knows whether it was done.
 */
export type Call = <TName extends CalledAction>(name: TName, input: ActionInput<TName>) => Promise<ActionOutput<TName>>;

/** Calls an action that needs no session. Rejects as {@link Call} does. */
export type EntryCall = <TName extends EntryAction>(
  name: TName,
  input: ActionInput<TName>,
) => Promise<ActionOutput<TName>>;

/** Calls an action over HTTP; `token` is the access token. Rejects with a `CallError` only. */
export type HttpCall = (name: UsedAction, input: object, token: string | undefined) => Promise<unknown>;

/** What calls need of a session. */
export interface TokenSource {
  /** An access token that is still good for a while. */
  token(): Promise<string>;
  /** Gets the next one, unless `used` is no longer the latest. */
  refresh(used: string): Promise<string>;
}

/** What calls need of a link. */
export interface ActionLink {
  isLive(): boolean;
  push(name: CalledAction, input: object): Promise<unknown>;
}

/** Makes the calls of a signed-in user. */
export function createCall(link: ActionLink, http: HttpCall, tokens: TokenSource): Call {
  const perform = async (name: CalledAction, input: object): Promise<unknown> => {
    if (link.isLive()) return link.push(name, input);
    const token = await tokens.token();
    try {
      return await http(name, input, token);
    } catch (error) {
      if (codeOf(error) !== "token_expired") throw error;
      return http(name, input, await tokens.refresh(token));
    }
  };
  return async <TName extends CalledAction>(name: TName, input: ActionInput<TName>) =>
    // The server answers what its contract says; `routes.test.ts` holds the table to it.
    (await perform(name, input)) as ActionOutput<TName>;
}

/** Makes the calls that need no session. */
export function createEntryCall(http: HttpCall): EntryCall {
  return async <TName extends EntryAction>(name: TName, input: ActionInput<TName>) =>
    // As in `createCall`.
    (await http(name, input, undefined)) as ActionOutput<TName>;
}
