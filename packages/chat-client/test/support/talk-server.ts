import type { ActionInput, ActionOutput, Conversation, InboxEvent, Message, SocketActionName } from "@hutong/chat-api";
import type { TransportFactory } from "@hutong/client";

import type { Call } from "../../src/calls/call.ts";
import { CallError } from "../../src/calls/call-error.ts";
import type { SendRequest } from "../../src/calls/http-call.ts";
import { type TalkBackend, TalkTransport } from "./talk-transport.ts";
import { ADA, conversationOf, meOf, messageOf, START } from "./scripted-server.ts";

type Answers = { readonly [TName in SocketActionName]?: (input: ActionInput<TName>) => ActionOutput<TName> };

/** The part of a chat server that one conversation of Ada's needs: dense seqs, idempotent sends, pages, the inbox. */
export class TalkServer implements TalkBackend {
  readonly messages: Message[] = [];
  /** Names of the calls, in order. */
  readonly calls: SocketActionName[] = [];
  /** What the next calls of an action fail with, in order. */
  readonly failures = new Map<SocketActionName, CallError[]>();
  /** Why the next joins are refused, in order. */
  readonly refusals: string[] = [];
  /** The transports that were opened, in order. */
  readonly transports: TalkTransport[] = [];
  /** While set, every answer is lost after the work was done. */
  isLosingAnswers = false;
  /** While set, nothing can be reached. */
  isAway = false;

  /** Calls an action as the chat does. */
  readonly call: Call = async (name, input) => {
    const answer = await this.perform(name, input);
    // The table pairs names and outputs.
    return answer as never;
  };

  /** The socket's way here. */
  readonly transport: TransportFactory = {
    name: "talk",
    open: (request, handlers) => {
      const transport = new TalkTransport(this, request, handlers);
      this.transports.push(transport);
      return transport;
    },
  };

  /** The HTTP way here; only refreshes are asked for on it. */
  readonly send: SendRequest = async () => {
    if (this.isAway) throw new TypeError("nobody is there");
    return { status: 503, body: { error: { reason: "unavailable" } } };
  };

  /** @throws {CallError} what was planned, or `network` while answers are lost. */
  async perform(name: SocketActionName, input: object): Promise<unknown> {
    this.calls.push(name);
    const failure = this.failures.get(name)?.shift();
    if (failure !== undefined) throw failure;
    const answer = this.#answers[name];
    if (answer === undefined) throw new CallError("unavailable");
    const given: unknown = answer(input as never); // the table pairs names and inputs
    if (this.isLosingAnswers) throw new CallError("network");
    return given;
  }

  /** Stores a message of Bo's, and gives the push for it. */
  say(): InboxEvent<"message"> {
    return { message: this.#store({}), users: [] };
  }

  /** Pushes an event to the inbox, on the latest transport. */
  push(event: string, payload: object): void {
    this.transports[this.transports.length - 1]?.push(`inbox:${ADA}`, event, payload);
  }

  /** The conversation as Ada sees it. */
  view(): Conversation {
    const last = this.messages[this.messages.length - 1] ?? null;
    const unread = this.messages.filter(({ senderId }) => senderId !== ADA).length;
    const lastMessageAt = last?.createdAt ?? 0;
    return conversationOf({ lastSeq: last?.seq ?? 0, lastMessage: last, lastMessageAt, unread });
  }

  readonly #answers: Answers = {
    get_conversation: () => ({ conversation: this.view(), users: [] }),
    sync: () => ({
      ...{ me: meOf(), now: START, userSeq: 0, events: [], reload: false, next: null, users: [], unread: 0 },
      ...{ heartbeatMs: 30_000, conversations: [this.view()] },
    }),
    list_friends: () => ({ friends: [] }),
    list_friend_requests: () => ({ requests: [], pending: 0, more: false }),
    list_blocks: () => ({ users: [] }),
    get_presences: () => ({ presences: [] }),
    heartbeat: () => {
      const { id, lastSeq, changeSeq, metaSeq } = this.view();
      return { now: START, userSeq: 0, changed: [{ id, lastSeq, changeSeq, metaSeq }], more: false };
    },
    pull_messages: ({ after, before, limit }) => {
      const [from, to, most] = [Number(after ?? 0), Number(before ?? Infinity), Number(limit ?? 50)];
      const inside = this.messages.filter(({ seq }) => seq > from && seq < to);
      const messages = after === undefined ? inside.slice(-most) : inside.slice(0, most);
      const { lastSeq, changeSeq } = this.view();
      return { messages, users: [], more: inside.length > messages.length, lastSeq, changeSeq };
    },
    send_message: ({ clientMessageId, content }) => {
      const known = this.messages.find((message) => message.clientMessageId === clientMessageId);
      const body = content.type === "text" ? content.body : { text: content.type };
      const message = known ?? this.#store({ clientMessageId, senderId: ADA, body });
      return { message, duplicate: known !== undefined };
    },
    mark_received: () => ({}),
    mark_read: ({ seq }) => ({ readSeq: Number(seq), unread: 0 }),
    sign_out: () => ({}),
  };

  #store(part: Parameters<typeof messageOf>[1]): Message {
    const message = messageOf(this.messages.length + 1, part);
    this.messages.push(message);
    return message;
  }
}
