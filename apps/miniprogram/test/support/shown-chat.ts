import type { Conversation, Me, Message } from "@hutong/chat-api";
import { type Chat, createAnonymousCall, createChat, createHttpCall, SessionStore } from "@hutong/chat-client";
import { memoryStorage } from "@hutong/client/wechat";
import { FakeClock } from "@hutong/testing";

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
    ...{ lastSeq: 0, changeSeq: 0, metaSeq: 0, lastMessageAt: 0, createdAt: 0, role: "member", alias: "" },
    ...{ mutedUntil: 0, readSeq: 0, receivedSeq: 0, minSeq: 0, maxSeq: null, unread: 0, markedUnread: false },
    ...{ mentioned: false, notify: true, pinnedAt: 0, hidden: false, lastMessage: null },
    ...{ peerReadSeq: 0, peerReceivedSeq: 0 },
    ...part,
  };
}

/** A chat that knows Ada, and nothing else; it reaches no server. */
export function createShownChat<TFile>(): Chat<TFile> {
  const http = createHttpCall(() => Promise.reject(new Error("there is no server")));
  const clock = new FakeClock();
  const session = new SessionStore({ storage: memoryStorage(), clock, call: createAnonymousCall(http) });
  session.adopt({ me: ME, sessionId: "s", accessToken: "a", refreshToken: "r", expiresInMs: 900_000 });
  const chat = createChat<TFile>({
    ...{ session, http, clock, storage: memoryStorage(), createId: () => "client-1" },
    createSocket: () => {
      throw new Error("this chat is not started");
    },
  });
  chat.book.putUsers([{ id: "u-ada", kind: "user", username: "ada", nickname: "Ada", avatar: null }]);
  return chat;
}
