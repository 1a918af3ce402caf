import type { z } from "zod";
import { accountActions } from "./actions/account-actions.ts";
import { conversationActions } from "./actions/conversation-actions.ts";
import { friendActions } from "./actions/friend-actions.ts";
import { groupActions } from "./actions/group-actions.ts";
import { messageActions } from "./actions/message-actions.ts";
import { syncActions } from "./actions/sync-actions.ts";
import type { INBOX_EVENTS } from "./events.ts";

/** Everything that a client can ask for, by name. */
export const ACTIONS = {
  ...accountActions,
  ...friendActions,
  ...conversationActions,
  ...groupActions,
  ...messageActions,
  ...syncActions,
};

/** The name of an action: the event that is pushed, and the operation id over HTTP. */
export type ActionName = keyof typeof ACTIONS;
/** What a caller gives to an action; fields with defaults may be left out. */
export type ActionInput<TName extends ActionName> = z.input<(typeof ACTIONS)[TName]["input"]>;
/** What a handler gets: checked, and with the defaults filled in. */
export type ParsedInput<TName extends ActionName> = z.output<(typeof ACTIONS)[TName]["input"]>;
/** What an action answers. */
export type ActionOutput<TName extends ActionName> = z.output<(typeof ACTIONS)[TName]["output"]>;

/** The actions that need no session; over HTTP only. */
export type AnonymousActionName = {
  [TName in ActionName]: (typeof ACTIONS)[TName]["access"] extends "anyone" ? TName : never;
}[ActionName];
/** The actions that the inbox channel takes too. */
export type SocketActionName = Exclude<ActionName, AnonymousActionName>;

/** The types of the channel `inbox:<user id>`, for a typed client: `socket.channel<InboxContract>("inbox:…")`. */
export interface InboxContract {
  /** The join takes nothing. */
  readonly params: z.ZodObject;
  /** The actions, as pushes. */
  readonly receives: {
    readonly [TName in SocketActionName]: {
      readonly payload: (typeof ACTIONS)[TName]["input"];
      readonly reply: (typeof ACTIONS)[TName]["output"];
    };
  };
  /** What the server pushes. */
  readonly sends: typeof INBOX_EVENTS;
}
