import type { Conversation, Message, NoticeContent } from "@hutong/chat-api";
import type { Chat } from "@hutong/chat-client";

import type { Words } from "../words/words.ts";

/** The name of a person: what the user calls a friend, or what the person is called. Reads signals. */
export function personName(chat: Chat, userId: string): string {
  const remark = chat.contacts.friends.value.get(userId)?.remark ?? "";
  if (remark !== "") return remark;
  if (userId === chat.userId) return chat.me.value.nickname;
  return chat.book.users.value.get(userId)?.nickname ?? "…";
}

/** The picture of a person, `null` when there is none. */
export function personPicture(chat: Chat, userId: string): string | null {
  if (userId === chat.userId) return chat.me.value.avatar;
  return chat.book.users.value.get(userId)?.avatar ?? null;
}

/** The name of who sent a message. */
export function senderName(chat: Chat, message: Message): string {
  return message.senderName ?? personName(chat, message.senderId);
}

/** The name of a conversation. */
export function conversationTitle(chat: Chat, view: Conversation, words: Words): string {
  if (view.peerId !== null) return personName(chat, view.peerId);
  if (view.type === "room" && (view.title === "" || view.title === "lobby")) return words.lobby;
  return view.title === "" ? words.group : view.title;
}

/** The picture of a conversation. */
export function conversationPicture(chat: Chat, view: Conversation): string | null {
  return view.peerId === null ? view.avatar : personPicture(chat, view.peerId);
}

/** One line for a message: in the list, in quotes, in notifications. */
export function messageText(chat: Chat, message: Message, words: Words): string {
  switch (message.type) {
    case "text":
      return message.body.text;
    case "image":
      return message.body.caption === undefined ? words.kinds.image : `${words.kinds.image} ${message.body.caption}`;
    case "voice":
      return words.kinds.voice;
    case "video":
      return words.kinds.video;
    case "file":
      return `${words.kinds.file} ${message.body.name}`;
    case "location":
      return `${words.kinds.location} ${message.body.title}`;
    case "card":
      return `${words.kinds.card} ${personName(chat, message.body.userId)}`;
    case "custom":
      return words.kinds.custom;
    case "notice":
      return noticeText(chat, message.body, words);
    case "recalled":
      return recallText(chat, message, words);
    case "removed":
      return words.removedMessage;
    default:
      return message satisfies never;
  }
}

/** What a recalled message leaves. */
export function recallText(chat: Chat, message: Message & { readonly type: "recalled" }, words: Words): string {
  const { actorId } = message.body;
  return actorId === chat.userId ? words.youRecalled : words.recalled(personName(chat, actorId));
}

/** What the server says happened. */
export function noticeText(chat: Chat, body: NoticeContent["body"], words: Words): string {
  const actor = body.actorId === null ? "" : body.actorId === chat.userId ? words.you : personName(chat, body.actorId);
  // Whoever did something to somebody is named first.
  const you = body.actorId === null || body.userIds.includes(body.actorId) ? words.you : words.youDone;
  const people = body.userIds.map((id) => (id === chat.userId ? you : personName(chat, id))).join(words.comma);
  return words.notices[body.kind]({ actor, people, text: body.text ?? "" });
}

/** Whether everybody may write in it, and if not, why the user may not. */
export function silenceOf(view: Conversation, now: number): "left" | "dismissed" | "muted" | "mute_all" | undefined {
  if (view.state === "dismissed") return "dismissed";
  if (view.maxSeq !== null) return "left";
  if (view.mutedUntil > now) return "muted";
  return view.muteAll && view.role === "member" ? "mute_all" : undefined;
}
