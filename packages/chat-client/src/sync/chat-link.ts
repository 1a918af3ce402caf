import type { InboxContract, SocketActionName } from "@hutong/chat-api";
import type { Channel, Socket, SocketState } from "@hutong/client";
import { type ReadonlySignal, signal } from "@preact/signals-core";

import type { ActionLink, TokenSource } from "../calls/call.ts";
import { CallError, toCallError } from "../calls/call-error.ts";
import { isRecord } from "../is-record.ts";
import { INBOX_EVENT_NAMES, type InboxListener } from "./inbox-listener.ts";

/** How the live connection is. */
export type LinkState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** `retryAtMs` is milliseconds since 1970. */
  | { readonly kind: "waiting"; readonly retryAtMs: number }
  | { readonly kind: "offline" }
  /** It does not come back by itself. */
  | { readonly kind: "closed" };

/** What a socket is given to log in with: what `login` of `@hutong/client/wechat` is. */
export interface SocketLogin {
  /** The token for the next connection. Rejects with a `CallError`. */
  readonly token: () => Promise<string>;
  /** The server refuses a token: `token` gives another one then. */
  readonly forget: (token: string) => void;
}

/** Makes a socket to the chat's `/socket`. `connect` MUST NOT have been called; the chat closes it. */
export type SocketFactory = (login: SocketLogin) => Socket;

/** What a {@link ChatLink} is made of. */
export interface ChatLinkOptions {
  /** Whose inbox is joined. */
  readonly userId: string;
  readonly tokens: TokenSource;
  readonly listener: InboxListener;
  /** Called for each connection that needs a new token. */
  readonly createSocket: SocketFactory;
}

/** What a room that is shown says on a topic of its own. */
const ROOM_EVENTS = ["message", "change", "typing"] as const;
/** Refusals of the inbox that a new token may mend. */
const TOKEN_TROUBLE = new Set(["unauthorized", "token_expired", "token_invalid"]);

/**
 * The live connection of one user: the inbox channel, and the channels of the rooms that are shown. The socket comes back
 * by itself; the token belongs to the connection, so a refused one needs a new socket.
 */
export class ChatLink implements ActionLink {
  readonly #options: ChatLinkOptions;
  readonly #state = signal<LinkState>({ kind: "connecting" });
  readonly #rooms = new Set<string>();
  #socket: Socket | undefined;
  #inbox: Channel<InboxContract> | undefined;
  #isRenewing = false;
  #isClosed = false;

  /** Nothing connects before `open`. */
  constructor(options: ChatLinkOptions) {
    this.#options = options;
  }

  /** How the connection is. */
  get state(): ReadonlySignal<LinkState> {
    return this.#state;
  }

  isLive(): boolean {
    return this.#state.peek().kind === "live";
  }

  /** Starts to connect. */
  open(): void {
    this.#connect();
  }

  /** Skips the wait before the next attempt. */
  retryNow(): void {
    if (!isUsable(this.#socket) || this.#inbox?.state.kind === "refused") this.#connect();
    else this.#socket.reconnectNow();
  }

  /** @throws {CallError} the server's refusal, or `network` when nobody knows whether it was done. */
  async push(name: SocketActionName, input: object): Promise<unknown> {
    if (this.#inbox === undefined || !this.isLive()) throw new CallError("network");
    try {
      // One signature for all actions: `Call` pairs name and input by their types.
      const push: (event: string, payload: unknown) => Promise<unknown> = this.#inbox.push.bind(this.#inbox) as never;
      return await push(name, input);
    } catch (error) {
      throw toPushError(error);
    }
  }

  /** Hears a room for as long as it is shown; the returned function ends that. */
  showRoom(conversationId: string): () => void {
    this.#rooms.add(conversationId);
    this.#joinRoom(conversationId);
    return () => {
      this.#rooms.delete(conversationId);
      // `leave` never rejects, and nobody waits for it.
      if (isUsable(this.#socket)) void this.#socket.channel(topicOf(conversationId)).leave();
    };
  }

  /** Closes for good. */
  close(): void {
    this.#isClosed = true;
    // `close` never rejects, and nobody waits for it.
    void this.#socket?.close();
    this.#state.value = { kind: "closed" };
  }

  #connect(): void {
    if (this.#isClosed) return;
    void this.#socket?.close();
    const { userId, listener, createSocket } = this.#options;
    const socket = createSocket(this.#login());
    const inbox = socket.channel<InboxContract>(`inbox:${userId}`, {});
    this.#socket = socket;
    this.#inbox = inbox;
    const isCurrent = (): boolean => this.#socket === socket && !this.#isClosed;
    const follow = (): void => {
      if (isCurrent()) this.#follow(inbox, socket);
    };
    for (const name of INBOX_EVENT_NAMES)
      inbox.on(name, (payload) => {
        if (isCurrent()) listener.received(name, payload);
      });
    inbox.onState(follow);
    socket.on("state", follow);
    for (const conversationId of this.#rooms) this.#joinRoom(conversationId);
    socket.connect();
    follow();
    // Each outcome of the join is also a state of the channel, which is what this follows.
    inbox.join().catch(() => undefined);
  }

  #login(): SocketLogin {
    const { tokens } = this.#options;
    let isRefused = this.#isRenewing;
    return {
      token: async () => {
        const token = await tokens.token();
        if (!isRefused) return token;
        // Without a network this rejects, and the next attempt comes here again.
        const renewed = await tokens.refresh(token);
        isRefused = false;
        return renewed;
      },
      forget: (token) => void tokens.refresh(token).catch(() => undefined),
    };
  }

  #joinRoom(conversationId: string): void {
    if (!isUsable(this.#socket)) return;
    const channel = this.#socket.channel<InboxContract>(topicOf(conversationId), {});
    if (channel.state.kind !== "idle") return;
    for (const name of ROOM_EVENTS) channel.on(name, (payload) => this.#options.listener.received(name, payload));
    // A room that refuses is still read by pulling.
    channel.join().catch(() => undefined);
  }

  #follow(inbox: Channel<InboxContract>, socket: Socket): void {
    const before = this.#state.peek().kind;
    const next = toLinkState(socket.state, inbox.state.kind === "joined");
    this.#state.value = next;
    if (next.kind === "live" && before !== "live") {
      this.#isRenewing = false;
      this.#options.listener.joined();
    }
    const refusal = inbox.state.kind === "refused" ? inbox.state.error.reason : undefined;
    if (refusal === undefined && socket.state.kind !== "closed") return;
    if (this.#isRenewing || (refusal !== undefined && !TOKEN_TROUBLE.has(refusal))) {
      this.#state.value = { kind: "closed" };
      return;
    }
    // The server may have ended the session meanwhile; then the renewal says so.
    this.#isRenewing = true;
    this.#connect();
  }
}

const topicOf = (conversationId: string): string => `conversation:${conversationId}`;

function isUsable(socket: Socket | undefined): socket is Socket {
  return socket !== undefined && socket.state.kind !== "closed" && socket.state.kind !== "closing";
}

/** Reads what a push was rejected with. A mini-program has the client's classes twice, so their fields decide. */
function toPushError(error: unknown): CallError {
  const { code, response } = isRecord(error) ? error : { code: undefined, response: undefined };
  if (isRecord(response) && code !== "reply_timeout") return toCallError(response);
  return new CallError(code === "rate_limited" ? "rate_limited" : "network", undefined, error);
}

function toLinkState(socket: SocketState, isJoined: boolean): LinkState {
  if (isJoined) return { kind: "live" };
  if (socket.kind === "waiting") return { kind: "waiting", retryAtMs: socket.retryAtMs };
  if (socket.kind === "offline") return { kind: "offline" };
  return socket.kind === "closed" || socket.kind === "closing" ? { kind: "closed" } : { kind: "connecting" };
}
