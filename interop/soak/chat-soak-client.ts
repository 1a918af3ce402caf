import type { InboxContract, Message, Session } from "@hutong/chat-api";
import { type Channel, createSocket, type Socket } from "@hutong/client";
import { WebSocket } from "ws";
import { pause } from "./measuring.ts";

/** Who a client is, and the conversation that it follows. */
export interface ChatSoakPlan {
  readonly url: string;
  readonly session: Session;
  readonly conversationId: string;
}

/** What became of one message. */
export interface Acknowledged {
  readonly seq: number;
  /** Calls that were made until one was answered. */
  readonly attempts: number;
}

const PAGE = 200;
const RETRY_MS = 50;
const ANSWER_LIMIT_MS = 5_000;

/**
 * A client that writes to one conversation and follows it: a live message is taken when it is the next one, and what is
 * missing before it, or was missed while the link was down, is pulled.
 */
export class ChatSoakClient implements AsyncDisposable {
  /** The texts in the order in which they were shown; their seqs are 1, 2, 3, … */
  readonly shown: string[] = [];
  readonly #plan: ChatSoakPlan;
  readonly #socket: Socket;
  readonly #inbox: Channel<InboxContract>;
  readonly #early = new Map<number, Message>();
  #pulling: Promise<void> | undefined;

  constructor(plan: ChatSoakPlan) {
    this.#plan = plan;
    this.#socket = createSocket(`${plan.url}/socket`, {
      token: plan.session.accessToken,
      webSocket: WebSocket,
      transports: ["websocket"],
      reconnect: { minMs: 50, maxMs: 500 },
    });
    this.#inbox = this.#socket.channel<InboxContract>(`inbox:${plan.session.me.id}`, {});
    this.#inbox.on("message", ({ message }) => this.#take(message));
    this.#inbox.onState(({ kind }) => {
      if (kind === "joined") this.catchUp().catch(() => {}); // the link broke again; the next join pulls
    });
  }

  /** Resolves when it has joined for the first time. */
  async connect(): Promise<void> {
    this.#socket.connect();
    await this.#inbox.join({ timeoutMs: 60_000 });
  }

  /** Sends a text under an id until the server has answered; never with another id. */
  async send(clientMessageId: string, words: string): Promise<Acknowledged> {
    const { conversationId } = this.#plan;
    const input = { conversationId, clientMessageId, content: { type: "text" as const, body: { text: words } } };
    for (let attempts = 1; ; attempts++) {
      try {
        const { message } = await this.#inbox.push("send_message", input, { timeoutMs: ANSWER_LIMIT_MS });
        return { seq: message.seq, attempts };
      } catch {
        // Nobody knows whether it was stored. A real refusal would repeat for ever, and the run's own limit ends it.
        await pause(RETRY_MS);
      }
    }
  }

  /** Pulls what is there and not shown. */
  catchUp(): Promise<void> {
    return (this.#pulling ??= this.#pull().finally(() => (this.#pulling = undefined)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#socket.close();
  }

  #take(message: Message): void {
    if (message.conversationId !== this.#plan.conversationId || message.seq <= this.shown.length) return;
    this.#early.set(message.seq, message);
    this.#place();
    if (message.seq > this.shown.length) this.catchUp().catch(() => {}); // as above
  }

  async #pull(): Promise<void> {
    const { conversationId } = this.#plan;
    for (let isMore = true; isMore;) {
      const input = { conversationId, after: this.shown.length, limit: PAGE };
      const { messages, more } = await this.#inbox.push("pull_messages", input, { timeoutMs: ANSWER_LIMIT_MS });
      for (const message of messages) if (message.seq > this.shown.length) this.#early.set(message.seq, message);
      this.#place();
      isMore = more;
    }
  }

  #place(): void {
    for (let next = this.#early.get(1 + this.shown.length); next !== undefined;) {
      this.shown.push(next.type === "text" ? next.body.text : next.type);
      this.#early.delete(next.seq);
      next = this.#early.get(1 + this.shown.length);
    }
  }
}
