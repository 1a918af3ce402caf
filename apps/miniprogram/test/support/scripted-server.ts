import type { ActionInput, ActionOutput, Conversation, InboxEvent, Me, Message } from "@hutong/chat-api";
import type { Call, CalledAction } from "../../miniprogram/model/call";
import { CallError } from "../../miniprogram/model/call-error";

/** The user of the tests. */
export const ME: Me = {
  ...{ id: "u-me", kind: "user", username: "panda", nickname: "Panda", avatar: null, createdAt: 0 },
  details: { bio: "", location: "", website: "", gender: "", birthday: "" },
  settings: { strangers: { visitor: 1, user: 1 }, addMe: "approval", showPresence: true },
};

/** A text message. */
export function textMessage(seq: number, part: Partial<Message & { readonly type: "text" }> = {}): Message {
  return {
    ...{ conversationId: "c-1", seq, id: `m-${seq}`, senderId: "u-ada", type: "text", body: { text: `text ${seq}` } },
    ...{ replyTo: 0, mentions: [], mentionsAll: false, forwarded: false, version: 1, editedAt: 0 },
    ...{ createdAt: 1_700_000_000_000 + seq * 1_000, reactions: [] },
    ...part,
  };
}

/** A group with nothing in it. */
export function groupView(part: Partial<Conversation> = {}): Conversation {
  return {
    ...{ id: "c-1", type: "group", title: "Lane", avatar: null, notice: "", ownerId: "u-ada", peerId: null },
    ...{ joinMode: "invite", muteAll: false, slowModeMs: 0, historyVisible: true, state: "active", memberCount: 2 },
    ...{
      lastSeq: 0,
      changeSeq: 0,
      metaSeq: 0,
      lastMessageAt: 0,
      createdAt: 0,
      role: "member",
      alias: "",
      mutedUntil: 0,
    },
    ...{ readSeq: 0, receivedSeq: 0, minSeq: 0, maxSeq: null, unread: 0, markedUnread: false, mentioned: false },
    ...{ notify: true, pinnedAt: 0, hidden: false, lastMessage: null, peerReadSeq: 0, peerReceivedSeq: 0 },
    ...part,
  };
}

type Answers = { readonly [TName in CalledAction]?: (input: ActionInput<TName>) => ActionOutput<TName> };

/** The part of a chat server that one conversation needs: dense seqs, idempotent sends, pages. */
export class ScriptedServer {
  readonly messages: Message[] = [];
  /** Names of the calls, in order. */
  readonly calls: CalledAction[] = [];
  /** What the next calls of an action fail with, in order. */
  readonly failures = new Map<CalledAction, CallError[]>();
  /** While set, every answer is lost after the work was done. */
  isLosingAnswers = false;

  readonly call: Call = async (name, input) => {
    this.calls.push(name);
    const failure = this.failures.get(name)?.shift();
    if (failure !== undefined) throw failure;
    const answer = this.#answers[name];
    if (answer === undefined) throw new Error(`no answer to ${name}`);
    const given = answer(input as never); // the table pairs names and inputs
    if (this.isLosingAnswers) throw new CallError("network");
    return given as never; // as above
  };

  /** Stores a message of somebody else, and gives the push for it. */
  say(): InboxEvent<"message"> {
    return { message: this.#store({}), users: [] };
  }

  /** The conversation as the user sees it. */
  view(): Conversation {
    const last = this.messages.at(-1) ?? null;
    return groupView({ lastSeq: last?.seq ?? 0, lastMessage: last, lastMessageAt: last?.createdAt ?? 0 });
  }

  readonly #answers: Answers = {
    get_conversation: () => ({ conversation: this.view(), users: [] }),
    sync: () => ({
      ...{
        me: ME,
        now: 0,
        userSeq: 0,
        events: [],
        reload: false,
        next: null,
        users: [],
        unread: 0,
        heartbeatMs: 30_000,
      },
      conversations: [this.view()],
    }),
    list_friends: () => ({ friends: [] }),
    list_friend_requests: () => ({ requests: [], pending: 0, more: false }),
    get_presences: () => ({ presences: [] }),
    heartbeat: () => {
      const { id, lastSeq, changeSeq, metaSeq } = this.view();
      return { now: 0, userSeq: 0, changed: [{ id, lastSeq, changeSeq, metaSeq }], more: false };
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
      const message = known ?? this.#store({ clientMessageId, senderId: ME.id, body });
      return { message, duplicate: known !== undefined };
    },
    mark_received: () => ({}),
    mark_read: ({ seq }) => ({ readSeq: Number(seq), unread: 0 }),
  };

  #store(part: Parameters<typeof textMessage>[1]): Message {
    const message = textMessage(this.messages.length + 1, part);
    this.messages.push(message);
    return message;
  }
}
