import type { InboxContract, SocketActionName } from "@hutong/chat-api";
import { type Channel, ChannelError, createSocket, type Socket, type SocketState } from "@hutong/client";
import { type ReadonlySignal, signal } from "@preact/signals";

import { isRecord } from "../../is-record.ts";
import { CallError } from "./call-error.ts";
import { toCallError } from "./http-call.ts";
import type { InboxListener } from "./inbox-listener.ts";
import { INBOX_EVENT_NAMES } from "./inbox-listener.ts";

/** How the live connection is. */
export type LinkState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** `retryAtMs` is milliseconds since 1970. */
  | { readonly kind: "waiting"; readonly retryAtMs: number }
  | { readonly kind: "offline" }
  /** It does not come back by itself. */
  | { readonly kind: "closed" };

/** What a {@link ChatLink} is made of. */
export interface ChatLinkOptions {
  readonly userId: string;
  /** An access token that is good now; `renew` says that the last one was refused. */
  token(renew: boolean): Promise<string>;
  readonly listener: InboxListener;
  /** @defaultValue `createSocket` of the client */
  readonly createSocket?: typeof createSocket;
}

/** What a room that is shown says on a topic of its own. */
const ROOM_EVENTS = ["message", "change", "typing"] as const;
/** Refusals of the inbox that a new token may mend. */
const TOKEN_TROUBLE = new Set(["unauthorized", "token_expired", "token_invalid"]);

/**
 * The live connection of one user: the inbox channel, and the channels of the rooms that are shown. The token belongs to
 * the connection, so a refused one needs a new socket.
 */
export class ChatLink {
  readonly #options: ChatLinkOptions;
  readonly #state = signal<LinkState>({ kind: "connecting" });
  readonly #rooms = new Set<string>();
  #socket: Socket | undefined;
  #inbox: Channel<InboxContract> | undefined;
  #isRenewing = false;
  #isClosed = false;

  constructor(options: ChatLinkOptions) {
    this.#options = options;
  }

  get state(): ReadonlySignal<LinkState> {
    return this.#state;
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
  async push(name: SocketActionName, input: object): Promise<unknown> {
    if (this.#inbox === undefined || this.#state.peek().kind !== "live") throw new CallError("network");
    try {
      // One signature for all actions: `ChatApi` pairs name and input by their types.
      const push: (event: string, payload: unknown) => Promise<unknown> = this.#inbox.push.bind(this.#inbox) as never;
      return await push(name, input);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw new CallError("network", undefined, error);
      if (isRecord(error.response) && error.code !== "reply_timeout") throw toCallError(error.response);
      throw new CallError(error.code === "rate_limited" ? "rate_limited" : "network", undefined, error);
    }
  }

  /** Hears a room for as long as it is shown; the returned function ends that. */
  showRoom(conversationId: string): () => void {
    this.#rooms.add(conversationId);
    this.#joinRoom(conversationId);
    return () => {
      this.#rooms.delete(conversationId);
      // `leave` never rejects, and nobody waits for it.
      void this.#socket?.channel(`conversation:${conversationId}`).leave();
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
    const renew = this.#isRenewing;
    const create = this.#options.createSocket ?? createSocket;
    const socket = create("/socket", { token: () => this.#options.token(renew) });
    this.#socket = socket;
    const inbox = socket.channel<InboxContract>(`inbox:${this.#options.userId}`, {});
    this.#inbox = inbox;
    const ifCurrent = (act: () => void) => (): void => {
      if (this.#socket === socket && !this.#isClosed) act();
    };
    for (const name of INBOX_EVENT_NAMES)
      inbox.on(name, (payload) => ifCurrent(() => this.#options.listener.received(name, payload))());
    inbox.onState(ifCurrent(() => this.#changed(inbox, socket)));
    socket.on(
      "state",
      ifCurrent(() => this.#changed(inbox, socket)),
    );
    for (const conversationId of this.#rooms) this.#joinRoom(conversationId);
    socket.connect();
    this.#changed(inbox, socket);
    // Each outcome of the join is also a state of the channel, which is what this follows.
    inbox.join().catch(() => undefined);
  }

  #joinRoom(conversationId: string): void {
    const kind = this.#socket?.state.kind;
    if (this.#socket === undefined || kind === "closed" || kind === "closing") return;
    const channel = this.#socket.channel<InboxContract>(`conversation:${conversationId}`, {});
    for (const name of ROOM_EVENTS) channel.on(name, (payload) => this.#options.listener.received(name, payload));
    // A room that refuses is still read by pulling.
    channel.join().catch(() => undefined);
  }

  #changed(inbox: Channel<InboxContract>, socket: Socket): void {
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

function toLinkState(socket: SocketState, isJoined: boolean): LinkState {
  if (isJoined) return { kind: "live" };
  if (socket.kind === "waiting") return { kind: "waiting", retryAtMs: socket.retryAtMs };
  if (socket.kind === "offline") return { kind: "offline" };
  return socket.kind === "closed" || socket.kind === "closing" ? { kind: "closed" } : { kind: "connecting" };
}
