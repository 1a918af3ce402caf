import type { Message } from "@hutong/chat-api";
import type { ConversationEntry } from "@hutong/chat-client";
import type { Words } from "../words/en";

/** What can be done with a message. */
export const MESSAGE_ACTIONS = ["reply", "copy", "forward", "edit", "choose", "recall", "deleteForMe"] as const;

/** One of {@link MESSAGE_ACTIONS}. */
export type MessageAction = (typeof MESSAGE_ACTIONS)[number];

/** What the menu of a message offers. */
export interface MessageMenu {
  readonly seq: number;
  readonly emoji: readonly { readonly emoji: string; readonly isOwn: boolean }[];
  readonly actions: readonly { readonly name: MessageAction; readonly label: string }[];
}

/** Where the menu is opened. */
export interface MessageMenuSource {
  readonly userId: string;
  readonly entry: ConversationEntry;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
  readonly words: Words;
}

/** Windows of the server by default, in milliseconds; it decides, this only leaves out what it would refuse. */
const RECALL_MS = 120_000;
const EDIT_MS = 900_000;
const EMOJI = ["👍", "❤️", "😂", "🎉", "😮", "🙏"];

/** The menu of a message, most used first. */
export function messageMenu({ userId, entry, now, words }: MessageMenuSource, message: Message): MessageMenu {
  const { type, role } = entry.view.peek();
  const isOwn = message.senderId === userId;
  const isText = message.type === "text";
  const age = now - message.createdAt;
  const names: readonly (MessageAction | undefined)[] = [
    "reply",
    isText ? "copy" : undefined,
    "forward",
    isOwn && isText && age < EDIT_MS ? "edit" : undefined,
    "choose",
    (isOwn && age < RECALL_MS) || (type === "group" && role !== "member") ? "recall" : undefined,
    "deleteForMe",
  ];
  const isOn = (emoji: string): boolean =>
    message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(userId));
  return {
    seq: message.seq,
    emoji: EMOJI.map((emoji) => ({ emoji, isOwn: isOn(emoji) })),
    actions: names.flatMap((name) => (name === undefined ? [] : [{ name, label: words.labels[name] }])),
  };
}
