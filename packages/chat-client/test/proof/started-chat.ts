import type { ActionName, Session } from "@hutong/chat-api";
import { createSocket, memoryStorage } from "@hutong/client";
import { systemClock } from "@hutong/server/plugin";
import { WebSocket } from "ws";

import { CallError } from "../../src/calls/call-error.ts";
import { createHttpCall, type HttpCall } from "../../src/calls/http-call.ts";
import { sendByFetch } from "../../src/calls/send-by-fetch.ts";
import { type Chat, createChat } from "../../src/chat.ts";
import type { ChatClock } from "../../src/clock.ts";
import { SessionStore } from "../../src/session/session-store.ts";

/** The chat of one user, whose heartbeat beats when it is told to. */
export interface StartedChat extends AsyncDisposable {
  readonly chat: Chat;
  /** Makes the chat do what it does with each heartbeat. */
  beat(): void;
}

/** Calls the HTTP API of a chat. */
export function httpOf(url: string): HttpCall {
  return createHttpCall(sendByFetch(fetch, url));
}

/** Calls an action, which must not be refused. */
export async function callAs<TAnswer>(
  url: string,
  session: Session,
  [name, input]: [ActionName, object],
): Promise<TAnswer> {
  return (await httpOf(url)(name, input, session.accessToken)) as TAnswer; // the tests name what the contract says
}

/** Starts the chat of a signed-in user; sockets go through `socketUrl`. */
export async function startChat(
  { url, socketUrl }: { readonly url: string; readonly socketUrl: string },
  session: Session,
): Promise<StartedChat> {
  const beats = new Set<() => void>();
  const clock: ChatClock = {
    ...systemClock,
    every: (_ms, run) => {
      beats.add(run);
      return () => beats.delete(run);
    },
  };
  const call = (): never => {
    throw new CallError("internal");
  };
  const store = new SessionStore({ storage: memoryStorage(), clock, call });
  store.adopt(session);
  const chat = createChat({
    session: store,
    http: httpOf(url),
    clock,
    storage: memoryStorage(),
    createId: () => crypto.randomUUID(),
    createSocket: ({ token }) =>
      createSocket(`${socketUrl}/socket`, { token, webSocket: WebSocket, transports: ["websocket"] }),
  });
  await chat.start();
  return {
    chat,
    beat: () => {
      for (const run of beats) run();
    },
    [Symbol.asyncDispose]: () => chat.close(false),
  };
}
