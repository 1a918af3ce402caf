import type { ActionInput, ActionOutput, InboxContract, InboxEvent, Message, SocketActionName } from "@hutong/chat-api";
import { type Channel, createSocket, type Socket, type WebSocketConstructor } from "@hutong/client";
import { WebSocket } from "ws";
import { ConversationLog } from "./conversation-log.ts";
import type { Person } from "./proof-stage.ts";

/** How a {@link ProofClient} connects. */
export interface ProofClientOptions {
  /** @defaultValue that of `ws` */
  readonly webSocket?: WebSocketConstructor;
}

const PAGE = 200;

/**
 * A client that does what the contract asks of one, and no more: it joins the inbox, then synchronises; it takes a live
 * message that is the next one, drops one that it has, and pulls what is missing before one that comes too early.
 */
export class ProofClient implements AsyncDisposable {
  readonly person: Person;
  readonly inbox: Channel<InboxContract>;
  readonly socket: Socket;
  readonly #logs = new Map<string, ConversationLog>();
  readonly #shown: Message[] = [];
  #since = 0;
  #userSeq = 0;

  /** `connect` starts it. */
  constructor(url: string, person: Person, options: ProofClientOptions = {}) {
    this.person = person;
    this.socket = createSocket(`${url}/socket`, {
      token: person.session.accessToken,
      webSocket: options.webSocket ?? WebSocket,
      transports: ["websocket"],
      reconnect: { minMs: 20, maxMs: 200 },
    });
    this.inbox = this.socket.channel<InboxContract>(`inbox:${person.id}`, {});
    this.inbox.on("message", ({ message }) => this.#logOf(message.conversationId).take(message));
    this.inbox.on("change", ({ change }) => this.#changed(change));
    this.inbox.on("conversation", ({ conversation: { id, lastSeq } }) => {
      this.#logOf(id)
        .reach(lastSeq)
        .catch(() => {}); // the next heartbeat or join pulls it
    });
    this.inbox.onState(({ kind }) => {
      // A join that is not the first means that pushes may have been lost meanwhile.
      if (kind === "joined" && this.#since > 0) this.sync().catch(() => {});
    });
  }

  /** Connects, joins and synchronises for the first time. */
  async connect(): Promise<this> {
    this.socket.connect();
    await this.inbox.join({ timeoutMs: 30_000 });
    await this.sync();
    return this;
  }

  /** Calls an action over the socket. */
  call<TName extends SocketActionName>(name: TName, input: ActionInput<TName>): Promise<ActionOutput<TName>> {
    // One signature for all actions: the types of name and input belong together here already.
    const push: (event: string, payload: unknown) => Promise<unknown> = this.inbox.push.bind(this.inbox) as never;
    return push(name, input) as Promise<ActionOutput<TName>>; // as the contract says
  }

  /** Asks for what is lacking since the last time. */
  async sync(): Promise<void> {
    const known = [...this.#logs].map(([id, { tail, changeSeq }]) => ({ id, lastSeq: tail, changeSeq, metaSeq: 0 }));
    const snapshot = await this.call("sync", {
      since: this.#since,
      userSeq: this.#userSeq,
      known: known.slice(0, PAGE),
    });
    this.#since = snapshot.now;
    this.#userSeq = snapshot.userSeq;
    await Promise.all(snapshot.conversations.map(({ id, lastSeq }) => this.#logOf(id).reach(lastSeq)));
  }

  /** One heartbeat: what the server says has moved is pulled. */
  async heartbeat(): Promise<void> {
    const { now, changed, more } = await this.call("heartbeat", { since: this.#since });
    if (more) return this.sync();
    this.#since = now;
    await Promise.all(changed.map(({ id, lastSeq }) => this.#logOf(id).reach(lastSeq)));
    await Promise.all(changed.map(({ id, changeSeq }) => this.#pullChanges(id, changeSeq)));
  }

  /** The seqs of a conversation in the order in which they were shown as new. */
  shown(conversationId: string): readonly number[] {
    return this.#shown.filter((message) => message.conversationId === conversationId).map(({ seq }) => seq);
  }

  /** What the client shows of a conversation, the oldest first. */
  messages(conversationId: string): readonly Message[] {
    return this.#logOf(conversationId).messages;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket.close();
  }

  #logOf(conversationId: string): ConversationLog {
    let log = this.#logs.get(conversationId);
    if (log === undefined) {
      const pull = (after: number) => this.call("pull_messages", { conversationId, after, limit: PAGE });
      log = new ConversationLog(pull, (message) => void this.#shown.push(message));
      this.#logs.set(conversationId, log);
    }
    return log;
  }

  #changed({ conversationId, changeSeq, message }: InboxEvent<"change">["change"]): void {
    const log = this.#logOf(conversationId);
    if (changeSeq === log.changeSeq + 1) log.replace(message, changeSeq);
    else this.#pullChanges(conversationId, changeSeq).catch(() => {}); // the next heartbeat pulls them
  }

  async #pullChanges(conversationId: string, changeSeq: number): Promise<void> {
    const log = this.#logOf(conversationId);
    if (changeSeq <= log.changeSeq) return;
    const { changes } = await this.call("pull_changes", { conversationId, after: log.changeSeq });
    for (const change of changes) log.replace(change.message, change.changeSeq);
  }
}
