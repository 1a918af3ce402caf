import type { Caller } from "../api/handlers.ts";
import type { TokenCheck } from "../tokens.ts";

/** What the connect handler finds out about a client. */
export interface ChatAssigns {
  /** What became of the room token that the client brought; `undefined` when it brought none, or a session's. */
  readonly token: TokenCheck | undefined;
  /** Whose session the client has; `undefined` for guests of rooms. */
  readonly caller: Caller | undefined;
  readonly remoteAddress: string;
  /** Set where the client is a mini-program of wafer or panda; it has a caller then. */
  readonly wafer?: WaferMember | undefined;
}

/** A mini-program that speaks wafer's or panda's frames. */
export interface WaferMember {
  /** WeChat's name for the user. Nobody else is told. */
  readonly openid: string;
  /** Where the client reaches this server, without a final slash. */
  readonly base: string;
}
