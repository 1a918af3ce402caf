import type { Session } from "@hutong/chat-api";
import { createSocket, type KeyValueStorage, memoryStorage } from "@hutong/client";
import { FakeClock } from "@hutong/testing";

import type { AnonymousCall } from "../../src/calls/call.ts";
import { CallError } from "../../src/calls/call-error.ts";
import { createHttpCall } from "../../src/calls/http-call.ts";
import { createChat } from "../../src/chat.ts";
import { SessionStore } from "../../src/session/session-store.ts";
import type { SocketFactory } from "../../src/sync/chat-link.ts";
import { meOf } from "./scripted-server.ts";
import { TalkServer } from "./talk-server.ts";

/** What is under test: the sources, or the script that a mini-program loads. */
export interface ChatClient {
  readonly createChat: typeof createChat;
  readonly createHttpCall: typeof createHttpCall;
  readonly SessionStore: typeof SessionStore;
}

/** What a test may choose. */
export interface TalkChatOptions {
  readonly server?: TalkServer;
  readonly storage?: KeyValueStorage;
  readonly clock?: FakeClock;
  /** @defaultValue the sources */
  readonly client?: ChatClient;
}

/** A session whose tokens carry a number. */
export function sessionOf(number: number): Session {
  return {
    me: meOf(),
    sessionId: "s1",
    accessToken: `access ${number}`,
    expiresInMs: 900_000,
    refreshToken: `refresh ${number}`,
  };
}

/** Trades refresh tokens for the next pair, until `over` is set. */
export class TokenServer {
  over = false;
  traded = 0;
  /** What the next trades end with, in order. */
  readonly failures: CallError[] = [];

  readonly call: AnonymousCall = async () => {
    const failure = this.over ? new CallError("unauthorized") : this.failures.shift();
    if (failure !== undefined) throw failure;
    this.traded += 1;
    // Only refreshes are asked for here.
    return sessionOf(this.traded + 1) as never;
  };
}

/** A socket to the server, on a clock of the test. */
export function talkSocket(server: TalkServer, clock: FakeClock): SocketFactory {
  return ({ token }) =>
    createSocket("https://chat.example.com/socket", { token, clock, transports: [server.transport], random: () => 1 });
}

/** Ada's chat, around a server with one conversation. Nothing has begun. */
export function createTalkChat(options: TalkChatOptions = {}) {
  const { server = new TalkServer(), storage = memoryStorage(), clock = new FakeClock() } = options;
  const client = options.client ?? { createChat, createHttpCall, SessionStore };
  const tokens = new TokenServer();
  const session = new client.SessionStore({ storage: memoryStorage(), clock, call: tokens.call });
  session.adopt(sessionOf(1));
  let lastId = 0;
  const arrived: number[] = [];
  const chat = client.createChat({
    session,
    http: client.createHttpCall(server.send),
    createSocket: talkSocket(server, clock),
    storage,
    clock,
    createId: () => `client-${(lastId += 1)}`,
    arrived: (_entry, { seq }) => arrived.push(seq),
  });
  return { chat, server, storage, clock, session, tokens, arrived };
}
