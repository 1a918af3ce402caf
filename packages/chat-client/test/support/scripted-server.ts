import type { ActionInput, ActionOutput, Conversation, Me, Message, SocketActionName, User } from "@hutong/chat-api";

import { CallError } from "../../src/calls/call-error.ts";
import type { Call } from "../../src/calls/call.ts";

/** The user whose chat is tested. */
export const ADA = "ada";
/** Somebody else. */
export const BO = "bo";
/** The time at which fake clocks begin. */
export const START = 1_700_000_000_000;

/** An account as others see it. */
export function userOf(id: string): User {
  return { id, kind: "user", username: id, nickname: id.toUpperCase(), avatar: null };
}

/** Ada's own account. */
export function meOf(change: Partial<Me> = {}): Me {
  return {
    ...userOf(ADA),
    details: { bio: "", location: "", website: "", gender: "", birthday: "" },
    settings: { strangers: { user: 1, visitor: 1 }, addMe: "approval", showPresence: true },
    createdAt: START,
    ...change,
  };
}

/** A direct conversation of Ada with Bo, without messages. */
export function conversationOf(change: Partial<Conversation> = {}): Conversation {
  return {
    id: "c1",
    type: "direct",
    title: "",
    avatar: null,
    notice: "",
    ownerId: null,
    peerId: BO,
    joinMode: "closed",
    muteAll: false,
    slowModeMs: 0,
    historyVisible: true,
    state: "active",
    memberCount: 2,
    lastSeq: 0,
    changeSeq: 0,
    metaSeq: 1,
    lastMessageAt: START,
    createdAt: START,
    role: "member",
    alias: "",
    mutedUntil: 0,
    readSeq: 0,
    receivedSeq: 0,
    minSeq: 0,
    maxSeq: null,
    unread: 0,
    markedUnread: false,
    mentioned: false,
    notify: true,
    pinnedAt: 0,
    hidden: false,
    lastMessage: null,
    peerReadSeq: 0,
    peerReceivedSeq: 0,
    ...change,
  };
}

/** A text message of Bo's in the conversation "c1". */
export function messageOf(seq: number, change: Partial<Message & { type: "text" }> = {}): Message {
  return {
    type: "text",
    body: { text: `text ${seq}` },
    conversationId: "c1",
    seq,
    id: `m${seq}`,
    senderId: BO,
    replyTo: 0,
    mentions: [],
    mentionsAll: false,
    forwarded: false,
    version: 1,
    editedAt: 0,
    createdAt: START + seq,
    reactions: [],
    ...change,
  };
}

/** Messages of a stretch, both ends included. */
export function messagesOf(lo: number, hi: number): readonly Message[] {
  return Array.from({ length: hi - lo + 1 }, (_, index) => messageOf(lo + index));
}

/** One call that was made. */
export interface RecordedCall {
  readonly name: SocketActionName;
  readonly input: unknown;
}

type Answers = {
  [TName in SocketActionName]?: (input: ActionInput<TName>) => ActionOutput<TName> | Promise<ActionOutput<TName>>;
};

/** A server that answers what the test says, and refuses everything else. */
export class ScriptedServer {
  readonly calls: RecordedCall[] = [];
  #answers: Answers = {};

  /** Sets or replaces answers. */
  answer(answers: Answers): void {
    this.#answers = { ...this.#answers, ...answers };
  }

  /** The inputs of all calls of one action. */
  inputsOf(name: SocketActionName): readonly unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ input }) => input);
  }

  readonly call: Call = async (name, input) => {
    this.calls.push({ name, input });
    const answer = this.#answers[name];
    if (answer === undefined) throw new CallError("unavailable");
    return answer(input);
  };

  /** Serves a conversation with these messages, as far as pulling goes. */
  serveMessages(messages: readonly Message[], changeSeq = 0): void {
    this.answer({
      pull_messages: ({ before, after, around, limit: given }) => {
        const limit = Number(given ?? 50);
        const older = before === undefined ? messages : messages.filter(({ seq }) => seq < Number(before));
        const newer = messages.filter(({ seq }) => seq > Number(after ?? 0));
        const upTo = messages.filter(({ seq }) => seq <= Number(around)).slice(-Math.ceil(limit / 2));
        const near = [...upTo, ...messages.filter(({ seq }) => seq > Number(around)).slice(0, limit - upTo.length)];
        const page = around !== undefined ? near : after === undefined ? older.slice(-limit) : newer.slice(0, limit);
        const more = (after === undefined ? older.length : newer.length) > page.length;
        return { messages: [...page], users: [], more, lastSeq: messages.at(-1)?.seq ?? 0, changeSeq };
      },
    });
  }
}
