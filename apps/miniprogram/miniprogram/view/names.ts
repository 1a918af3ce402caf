import type { Conversation, Message, NoticeContent } from "@hutong/chat-api";
import type { Chat } from "@hutong/chat-client";
import type { Words } from "../words/en";
import { type Face, faceOf } from "./face";

/** What texts and faces are made from. */
export interface Naming {
  readonly chat: Pick<Chat, "userId" | "me" | "book" | "contacts">;
  readonly words: Words;
  /** Path of a picture on this phone; `""` until it is there. */
  readonly picture: (fileId: string) => string;
}

/** The name of a person: what the user calls a friend, or what the person is called. Reads signals, as all of these do. */
export function personName({ chat }: Naming, userId: string): string {
  const remark = chat.contacts.friends.value.get(userId)?.remark ?? "";
  if (remark !== "") return remark;
  if (userId === chat.userId) return chat.me.value.nickname;
  return chat.book.users.value.get(userId)?.nickname ?? "…";
}

/** The face of a person. */
export function personFace(naming: Naming, userId: string): Face {
  const { chat, picture } = naming;
  const avatar = userId === chat.userId ? chat.me.value.avatar : (chat.book.users.value.get(userId)?.avatar ?? null);
  return faceOf(personName(naming, userId), avatar === null ? "" : picture(avatar), false);
}

/** The name of who sent a message. */
export function senderName(naming: Naming, { senderName, senderId }: Message): string {
  return senderName ?? personName(naming, senderId);
}

/** The name of a conversation. */
export function conversationTitle(naming: Naming, { peerId, type, title }: Conversation): string {
  const { words } = naming;
  if (peerId !== null) return personName(naming, peerId);
  if (type === "room" && (title === "" || title === "lobby")) return words.labels.lobby;
  return title === "" ? words.group : title;
}

/** The face of a conversation. */
export function conversationFace(naming: Naming, view: Conversation): Face {
  if (view.peerId !== null) return personFace(naming, view.peerId);
  return faceOf(conversationTitle(naming, view), view.avatar === null ? "" : naming.picture(view.avatar), true);
}

/** One line for a message: in the list and in quotes. */
export function messageText(naming: Naming, message: Message): string {
  const { kinds, removedMessage } = naming.words;
  switch (message.type) {
    case "text":
      return message.body.text;
    case "image":
      return message.body.caption === undefined ? kinds.image : `${kinds.image} ${message.body.caption}`;
    case "voice":
    case "video":
    case "custom":
      return kinds[message.type];
    case "file":
      return `${kinds.file} ${message.body.name}`;
    case "location":
      return `${kinds.location} ${message.body.title}`;
    case "card":
      return `${kinds.card} ${personName(naming, message.body.userId)}`;
    case "notice":
      return noticeText(naming, message.body);
    case "recalled":
      return recallText(naming, message.body.actorId);
    case "removed":
      return removedMessage;
    default:
      return message satisfies never;
  }
}

function recallText(naming: Naming, actorId: string): string {
  const { chat, words } = naming;
  return actorId === chat.userId ? words.youRecalled : words.recalled(personName(naming, actorId));
}

function noticeText(naming: Naming, { actorId, userIds, kind, text = "" }: NoticeContent["body"]): string {
  const { chat, words } = naming;
  const nameOf = (id: string): string => (id === chat.userId ? words.you : personName(naming, id));
  const people = userIds.map(nameOf).join(words.comma);
  return words.notices[kind]({ actor: actorId === null ? "" : nameOf(actorId), people, text });
}

/** Why the user may not write in a conversation; `""` when the user may. */
export function silenceText(
  { state, maxSeq, mutedUntil, muteAll, role }: Conversation,
  now: number,
  words: Words,
): string {
  if (state === "dismissed") return words.silence.dismissed;
  if (maxSeq !== null) return words.silence.left;
  if (mutedUntil > now) return words.silence.muted;
  return muteAll && role === "member" ? words.silence.mute_all : "";
}
