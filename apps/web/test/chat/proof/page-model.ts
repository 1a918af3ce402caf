import type { ActionName, Session } from "@hutong/chat-api";
import { createSocket } from "@hutong/client";
import { signal } from "@preact/signals";
import { WebSocket } from "ws";

import { CallError } from "../../../src/chat/model/call-error.ts";
import { type Chat, createChat } from "../../../src/chat/model/chat.ts";
import { createHttpCall, type HttpCall } from "../../../src/chat/model/http-call.ts";
import type { LocalStore } from "../../../src/chat/model/local-store.ts";
import { SessionStore } from "../../../src/chat/model/session-store.ts";
import type { Clock } from "../../../src/clock.ts";
import { systemClock } from "../../../src/clock.ts";

/** The page's model of one user, whose heartbeat beats when it is told to. */
export interface PageModel extends AsyncDisposable {
  readonly chat: Chat;
  /** Makes the model do what it does with each heartbeat. */
  beat(): void;
}

/** Calls the HTTP API of a chat as the page does. */
export function httpOf(url: string, headers: Readonly<Record<string, string>> = {}): HttpCall {
  return createHttpCall((path, request) =>
    fetch(`${url}${path}`, { ...request, headers: { ...request.headers, ...headers } }),
  );
}

/** Calls an action, which must not be refused. */
export async function callAs<TAnswer>(
  url: string,
  session: Session,
  [name, input]: [ActionName, object],
): Promise<TAnswer> {
  return (await httpOf(url)(name, input, session.accessToken)) as TAnswer; // the tests name what the contract says
}

/** Starts the model of a signed-in user; sockets go through `socketUrl`. */
export async function startPageModel(
  { url, socketUrl }: { readonly url: string; readonly socketUrl: string },
  session: Session,
): Promise<PageModel> {
  const beats = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    every: (_ms, run) => {
      beats.add(run);
      return () => beats.delete(run);
    },
  };
  const call = (): never => {
    throw new CallError("internal");
  };
  const home = {
    read: () => undefined,
    write: () => {},
    watch: () => () => {},
    lock: <T>(run: () => Promise<T>) => run(),
  };
  const store = new SessionStore({ home, clock, call });
  store.adopt(session);
  const chat = createChat(
    {
      session: store,
      http: httpOf(url),
      clock,
      store: NO_STORE,
      drafts: { read: () => undefined, write: () => {} },
      createId: () => crypto.randomUUID(),
      upload: () => Promise.reject(new CallError("internal")),
      arrived: () => {},
      createSocket: (path, options) =>
        createSocket(`${socketUrl}${path}`, { ...options, webSocket: WebSocket, transports: ["websocket"] }),
    },
    signal(session.me),
  );
  await chat.start();
  return {
    chat,
    beat: () => {
      for (const run of beats) run();
    },
    [Symbol.asyncDispose]: () => chat.close(false),
  };
}

const NO_STORE: LocalStore = {
  readState: () => Promise.resolve(undefined),
  writeState: () => Promise.resolve(),
  readMessages: () => Promise.resolve(undefined),
  writeMessages: () => Promise.resolve(),
  readOutbox: () => Promise.resolve([]),
  writeOutbox: () => Promise.resolve(),
  deleteOutbox: () => Promise.resolve(),
  clear: () => Promise.resolve(),
  close: () => {},
};
