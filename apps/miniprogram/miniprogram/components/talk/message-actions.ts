import type { Message } from "@hutong/chat-api";
import { application } from "../../platform/application";
import { attempt, chooseAction } from "../../platform/attempt";
import type { MessageAction } from "../../view/message-menu";
import type { TalkDesk } from "./talk-desk";

/** Does what the user has chosen in the menu of a message. */
export function doMessageAction(desk: TalkDesk, message: Message, action: MessageAction): void {
  switch (action) {
    case "reply":
      return desk.answer(message);
    case "copy":
      if (message.type === "text") wx.setClipboardData({ data: message.body.text });
      return;
    case "forward":
      return forward(desk, [message.seq]);
    case "edit":
      return desk.edit(message);
    case "choose":
      return desk.put({ chosen: new Set([message.seq]) });
    case "recall":
      return recall(desk, message);
    case "deleteForMe":
      return deleteForMe(desk, [message.seq]);
    default:
      return action satisfies never;
  }
}

/** Adds the user's reaction, or takes it back. */
export function react(desk: TalkDesk, message: Message, emoji: string): void {
  const { place } = desk;
  if (place === undefined) return;
  const { chat, entry } = place;
  const isOn = message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(chat.userId));
  void attempt(async () => {
    const { seq } = message;
    const answer = await chat.call("react", { conversationId: entry.id, seq, emoji, on: !isOn });
    chat.book.replaceMessage(entry, answer.message);
  });
}

/** Lets the user decide about a message that the server refused. */
export function offerRefusedActions(desk: TalkDesk, clientMessageId: string): void {
  const { labels } = application.words;
  const outbox = desk.place?.chat.outbox;
  chooseAction([
    { label: labels.retry, run: () => outbox?.retry(clientMessageId) },
    { label: labels.discard, run: () => outbox?.discard(clientMessageId) },
  ]);
}

/** Lets the user choose where copies of messages go. */
export function forward(desk: TalkDesk, seqs: readonly number[]): void {
  const { place } = desk;
  if (place === undefined || seqs.length === 0) return;
  const inOrder = [...seqs].sort((one, other) => one - other);
  wx.navigateTo({
    url: `/pages/forward/forward?from=${place.entry.id}&seqs=${inOrder.join(",")}`,
    success: () => desk.put({ chosen: undefined }),
  });
}

/** Takes messages out of the user's sight, and of nobody else's. */
export function deleteForMe(desk: TalkDesk, seqs: readonly number[]): void {
  const { place } = desk;
  if (place === undefined || seqs.length === 0) return;
  const { chat, entry } = place;
  void attempt(async () => {
    await chat.call("delete_messages", { conversationId: entry.id, seqs: [...seqs] });
    chat.book.removeMessages(entry, seqs);
    desk.put({ chosen: undefined });
    if (seqs.includes(entry.view.peek().lastMessage?.seq ?? 0)) chat.catchUp.soon(entry.id);
  });
}

function recall(desk: TalkDesk, message: Message): void {
  const { place } = desk;
  if (place === undefined) return;
  const { chat, entry } = place;
  void attempt(async () => {
    const answer = await chat.call("recall_message", { conversationId: entry.id, seq: message.seq });
    if (message.type === "text" && message.senderId === chat.userId)
      desk.rememberRecalled(message.seq, message.body.text);
    chat.book.replaceMessage(entry, answer.message);
  });
}
