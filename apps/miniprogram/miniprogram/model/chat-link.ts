import type { InboxContract } from "@hutong/chat-api";
import {
  type Channel,
  ChannelError,
  type Socket,
  type SocketState,
  type WechatSocketOptions,
} from "@hutong/client/wechat";
import type { ActionLink, CalledAction, TokenSource } from "./call";
import { CallError, toCallError } from "./call-error";
import { INBOX_EVENT_NAMES, type InboxListener } from "./inbox-listener";
import { isRecord } from "./is-record";

/** How the live connection is. */
export type LinkState = "connecting" | "live" | "waiting" | "offline" | "closed";

/** Makes a socket; `connect` was not called. */
export type SocketFactory = (login: NonNullable<WechatSocketOptions["login"]>) => Socket;

/** What a {@link ChatLink} is made of. */
export interface ChatLinkOptions {
  readonly userId: string;
  readonly tokens: TokenSource;
  readonly listener: InboxListener;
  readonly createSocket: SocketFactory;
  /** The state is another one. */
  changed(): void;
}

/** What a room that is shown says on a topic of its own. */
const ROOM_EVENTS = ["message", "change", "typing"] as const;
/** Refusals of the inbox that a new token may mend. */
const TOKEN_TROUBLE = new Set(["unauthorized", "token_expired", "token_invalid"]);

/**
 * The live connection of one user: the inbox channel, and the channels of the rooms that are shown. The socket comes back
 * by itself after the background; a refused token needs a new socket.
 */
export class ChatLink implements ActionLink {
  readonly #options: ChatLinkOptions;
  readonly #rooms = new Set<string>();
  #state: LinkState = "connecting";
  #socket: Socket | undefined;
  #inbox: Channel<InboxContract> | undefined;
  #isRenewing = false;
  #isClosed = false;

  constructor(options: ChatLinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  isLive(): boolean {
    return this.#state === "live";
  }

  /** Starts to connect. */
  open(): void {
    this.#connect();
  }

  /** Skips the wait before the next attempt. */
  retryNow(): void {
    const kind = this.#socket?.state.kind;
    if (kind === "closed" || kind === "closing" || this.#inbox?.state.kind === "refused") this.#connect();
    else this.#socket?.reconnectNow();
  }

  /** @throws {CallError} the server's refusal, or `network` when nobody knows whether it was done. */
  async push(name: CalledAction, input: object): Promise<unknown> {
    if (this.#inbox === undefined || !this.isLive()) throw new CallError("network");
    try {
      // One signature for all actions: `Call` pairs name and input by their types.
      const push: (event: string, payload: unknown) => Promise<unknown> = this.#inbox.push.bind(this.#inbox) as never;
      return await push(name, input);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw new CallError("network");
      if (isRecord(error.response) && error.code !== "reply_timeout") throw toCallError(error.response);
      throw new CallError(error.code === "rate_limited" ? "rate_limited" : "network");
    }
  }

  /** Hears a room for as long as it is shown; the returned function ends that. */
  showRoom(conversationId: string): () => void {
    this.#rooms.add(conversationId);
    this.#joinRoom(conversationId);
    return () => {
      this.#rooms.delete(conversationId);
      if (isUsable(this.#socket)) void this.#socket.channel(topicOf(conversationId)).leave();
    };
  }

  /** Closes for good. */
  close(): void {
    this.#isClosed = true;
    // `close` never rejects, and nobody waits for it.
    void this.#socket?.close();
    this.#state = "closed";
  }

  #connect(): void {
    if (this.#isClosed) return;
    void this.#socket?.close();
    const { createSocket, tokens, userId, listener } = this.#options;
    const refused = this.#isRenewing ? tokens.token().then((used) => tokens.refresh(used)) : tokens.token();
    const socket = createSocket({
      token: () => refused.then(() => tokens.token()),
      forget: (token) => void tokens.refresh(token).catch(() => undefined),
    });
    // Its end is the session's, which the session store tells.
    refused.catch(() => undefined);
    this.#socket = socket;
    const inbox = socket.channel<InboxContract>(`inbox:${userId}`, {});
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
    // Each outcome of the join is also a state of the channel, which is what this follows.
    inbox.join().catch(() => undefined);
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
    const before = this.#state;
    this.#state = toLinkState(socket.state, inbox.state.kind === "joined");
    if (this.#state !== before) this.#options.changed();
    if (this.#state === "live" && before !== "live") {
      this.#isRenewing = false;
      this.#options.listener.joined();
    }
    const refusal = inbox.state.kind === "refused" ? inbox.state.error.reason : undefined;
    if (refusal === undefined && socket.state.kind !== "closed") return;
    if (this.#isRenewing || (refusal !== undefined && !TOKEN_TROUBLE.has(refusal))) {
      this.#state = "closed";
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

function toLinkState({ kind }: SocketState, isJoined: boolean): LinkState {
  if (isJoined) return "live";
  if (kind === "waiting" || kind === "offline") return kind;
  return kind === "closed" || kind === "closing" ? "closed" : "connecting";
}
