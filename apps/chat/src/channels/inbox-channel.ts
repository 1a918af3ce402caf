import { ACTIONS, type ActionName, INBOX_EVENTS } from "@hutong/chat-api";
import { accept, channelsFor, refuse } from "@hutong/server";
import { z } from "zod";
import type { Callers } from "../accounts/callers.ts";
import type { Perform } from "../api/perform.ts";
import { inboxTopic } from "../inbox/news.ts";
import type { OnlineUsers } from "../presence/online-users.ts";
import { answerPush } from "./answer-push.ts";
import type { ChatAssigns } from "./chat-assigns.ts";

const SOCKET_ACTIONS = (Object.keys(ACTIONS) as ActionName[]).filter((name) => ACTIONS[name].access !== "anyone"); // keys of a closed table

/** What the inbox channel needs. */
export interface InboxChannelParts {
  readonly perform: Perform;
  readonly onlineUsers: Pick<OnlineUsers, "arrived" | "left">;
  /** Knows what has become of a caller since its connection was made: a visitor may have signed up. */
  readonly callers: Pick<Callers, "caller">;
  /** Hears of what a handler threw that is no `ChatError`. */
  readonly failed: (action: string, error: unknown) => void;
}

/**
 * `inbox:<user id>`: what concerns one user, pushed to all of the user's connections, and every action of the API as
 * a push. The topic is attached before the join is answered, so that a client that joins first and then pushes
 * `sync` misses nothing.
 */
export function inboxChannel({ perform, onlineUsers, callers, failed }: InboxChannelParts) {
  const act = async (name: ActionName, payload: unknown, assigns: ChatAssigns): Promise<object> => {
    const caller = assigns.caller && (await callers.caller(assigns.caller.sessionId));
    const { remoteAddress } = assigns;
    return perform(name, payload, { caller, remoteAddress });
  };
  return channelsFor<ChatAssigns>()("inbox:*", {
    params: z.object({}),
    sends: INBOX_EVENTS,
    join: ({ topic, connection: { assigns } }) =>
      assigns.caller !== undefined && topic === inboxTopic(assigns.caller.userId) ? accept() : refuse("unauthorized"),
    joined: (channel) => {
      const { caller } = channel.assigns;
      if (caller !== undefined) onlineUsers.arrived(caller.userId, channel);
    },
    terminate: (channel) => {
      const { caller } = channel.assigns;
      if (caller !== undefined) onlineUsers.left(caller.userId, channel);
    },
    handle: Object.fromEntries(
      SOCKET_ACTIONS.map((name) => [
        name,
        (payload: unknown, { assigns }: { readonly assigns: ChatAssigns }) =>
          answerPush(
            () => act(name, payload, assigns),
            (error) => failed(name, error),
          ),
      ]),
    ),
  });
}
