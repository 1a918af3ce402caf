import type { Conversation } from "@hutong/chat-api";
import type { Chat, ConversationEntry } from "@hutong/chat-client";
import type { Face } from "./face";
import { shortMoment } from "./moments";
import { conversationFace, conversationTitle, messageText, type Naming, senderName } from "./names";

/** One line of the list of chats. */
export interface ChatItem {
  readonly id: string;
  readonly title: string;
  readonly face: Face;
  /** Stands before the line in the accent colour; `""` for nothing. */
  readonly mark: string;
  readonly line: string;
  readonly time: string;
  /** `""` for none; more than 99 are `99+`. */
  readonly badge: string;
  /** The server was told to remember it as unread. */
  readonly hasDot: boolean;
  readonly isPinned: boolean;
  readonly isMuted: boolean;
}

/** What the list is made from. */
export interface ChatItemsSource extends Naming {
  readonly chat: Naming["chat"] & Pick<Chat, "outbox" | "drafts">;
  /** Milliseconds since 1970, by the server's clock. */
  readonly now: number;
}

/** The list of chats. */
export function chatItems(source: ChatItemsSource): readonly ChatItem[] {
  return source.chat.book.list.value.map((entry) => chatItem(source, entry));
}

/** How a number of unread messages is written. */
export function badgeOf(unread: number): string {
  if (unread === 0) return "";
  return unread > 99 ? "99+" : String(unread);
}

function chatItem(source: ChatItemsSource, entry: ConversationEntry): ChatItem {
  const { now, words } = source;
  const view = entry.view.value;
  return {
    id: entry.id,
    title: conversationTitle(source, view),
    face: conversationFace(source, view),
    mark: markOf(source, entry),
    line: lineOf(source, entry),
    time: view.lastMessageAt === 0 ? "" : shortMoment(view.lastMessageAt, now, words),
    badge: badgeOf(view.unread),
    hasDot: view.markedUnread && view.unread === 0,
    isPinned: view.pinnedAt > 0,
    isMuted: !view.notify,
  };
}

function markOf({ chat, words }: ChatItemsSource, { id, view }: ConversationEntry): string {
  const isRefused = chat.outbox.entries.value.some(
    ({ conversationId, state }) => conversationId === id && state.kind === "refused",
  );
  if (isRefused) return words.labels.notSent;
  if (view.value.mentioned) return words.labels.mentionedYou;
  return chat.drafts.texts.value.has(id) ? words.labels.draft : "";
}

function lineOf(source: ChatItemsSource, entry: ConversationEntry): string {
  const { words, chat } = source;
  const view = entry.view.value;
  if (entry.typing.value.size > 0 && view.peerId !== null) return words.typing;
  const draft = chat.drafts.texts.value.get(entry.id);
  // What stands before the line says that it is one.
  if (draft !== undefined && markOf(source, entry) === words.labels.draft) return draft.replace(/\s+/g, " ").trim();
  const { lastMessage } = view;
  if (lastMessage === null) return "";
  const text = messageText(source, lastMessage).replace(/\s+/g, " ");
  const isSaid = lastMessage.type !== "notice" && lastMessage.type !== "recalled" && lastMessage.type !== "removed";
  const isNamed = isSaid && !isBetweenTwo(view) && lastMessage.senderId !== chat.userId;
  return isNamed ? `${senderName(source, lastMessage)}: ${text}` : text;
}

function isBetweenTwo({ peerId }: Conversation): boolean {
  return peerId !== null;
}
