import type { Message } from "@hutong/chat-api";
import { application } from "../../platform/application";
import { attempt, chooseAction } from "../../platform/attempt";
import type { TalkDesk } from "./talk-desk";

/** Window of the server by default, in milliseconds; it decides, this only leaves out what it would refuse. */
const RECALL_MS = 120_000;
const LIKE = "👍";

/** Lets the user choose what to do with a message, most used first; WeChat shows six at most. */
export function offerMessageActions(desk: TalkDesk, message: Message): void {
  const { place } = desk;
  if (place === undefined) return;
  const { chat, entry } = place;
  const { labels } = application.words;
  const isOwn = message.senderId === chat.userId;
  const { type, role } = entry.view.peek();
  const isAdmin = type === "group" && role !== "member";
  const mayRecall = isAdmin || (isOwn && chat.engine.now() - message.createdAt < RECALL_MS);
  const copied = message.type === "text" ? message.body.text : "";
  chooseAction([
    { label: labels.reply, run: () => desk.answer(message) },
    { label: `${LIKE} ${labels.like}`, run: () => like(desk, message) },
    ...(copied === "" ? [] : [{ label: labels.copy, run: () => wx.setClipboardData({ data: copied }) }]),
    ...(mayRecall ? [{ label: labels.recall, run: () => recall(desk, message) }] : []),
    { label: labels.deleteForMe, run: () => deleteForMe(desk, message) },
  ]);
}

/** Adds the user's reaction, or takes it back. */
export function like(desk: TalkDesk, message: Message, emoji: string = LIKE): void {
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

function deleteForMe(desk: TalkDesk, { seq }: Message): void {
  const { place } = desk;
  if (place === undefined) return;
  const { chat, entry } = place;
  void attempt(async () => {
    await chat.call("delete_messages", { conversationId: entry.id, seqs: [seq] });
    chat.book.removeMessages(entry, [seq]);
    if (entry.view.peek().lastMessage?.seq === seq) chat.catchUp.soon(entry.id);
  });
}
