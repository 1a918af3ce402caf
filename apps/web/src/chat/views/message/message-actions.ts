import type { Message } from "@hutong/chat-api";

import { messageText } from "../../page/names.ts";
import type { MenuItem } from "../menu.tsx";
import type { DeskProps, EntryProps } from "../props.ts";

/** Windows of the server by default, in milliseconds; it decides, this only leaves out what it would refuse. */
const RECALL_MS = 120_000;
const EDIT_MS = 900_000;

/** Adds an own reaction, or takes it back. */
export function react({ page, chat, entry }: EntryProps, message: Message, emoji: string): void {
  const isOn = message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(chat.userId));
  void page.attempt(async () => {
    const answer = await chat.call("react", { conversationId: entry.id, seq: message.seq, emoji, on: !isOn });
    chat.book.replaceMessage(entry, answer.message);
  });
}

/** What can be done with a message, most used first. */
export function actionsFor(props: DeskProps, message: Message): readonly MenuItem[] {
  const { page, chat, entry, desk } = props;
  const words = page.words.peek();
  const { role, type } = entry.view.peek();
  const isOwn = message.senderId === chat.userId;
  const age = chat.engine.now() - message.createdAt;
  const mayRecall = (isOwn && age < RECALL_MS) || (type === "group" && role !== "member");
  const items: (MenuItem | undefined)[] = [
    { label: words.reply, icon: "reply", run: () => (desk.answered.value = message) },
    message.type === "text"
      ? { label: words.copy, icon: "copy", run: () => void copy(props, messageText(chat, message, words)) }
      : undefined,
    { label: words.react, icon: "smile", run: () => (desk.reacting.value = message) },
    { label: words.forward, icon: "forward", run: () => (desk.forwarded.value = [message]) },
    isOwn && message.type === "text" && age < EDIT_MS
      ? { label: words.edit, icon: "edit", run: () => (desk.edited.value = message) }
      : undefined,
    { label: words.choose, icon: "choose", run: () => (desk.chosen.value = new Set([message.seq])) },
    mayRecall
      ? { label: words.recall, icon: "recall", isGrave: true, run: () => void recall(props, message) }
      : undefined,
    { label: words.deleteForMe, icon: "trash", isGrave: true, run: () => deleteForMe(props, [message.seq]) },
  ];
  return items.filter((item) => item !== undefined);
}

/** Takes messages out of sight, and after a while for good; until then it can be undone. */
export function deleteForMe({ page, chat, entry, desk }: DeskProps, seqs: readonly number[]): void {
  const words = page.words.peek();
  desk.hidden.value = new Set([...desk.hidden.peek(), ...seqs]);
  const show = (): void => {
    desk.hidden.value = new Set([...desk.hidden.peek()].filter((seq) => !seqs.includes(seq)));
  };
  page.notices.doUnlessUndone(words.deleted(seqs.length), words.undo, {
    undo: show,
    run: () =>
      void page
        .attempt(() => chat.call("delete_messages", { conversationId: entry.id, seqs: [...seqs] }))
        .then((isDone) => {
          if (isDone) chat.book.removeMessages(entry, seqs);
          show();
        }),
  });
}

/** An own text can be taken up again; what cannot is asked about first. */
async function recall({ page, chat, entry, desk }: DeskProps, message: Message): Promise<void> {
  const words = page.words.peek();
  const text = message.type === "text" && message.senderId === chat.userId ? message.body.text : undefined;
  const question = { title: words.recallMessage, text: words.recallText, yes: words.recall, isGrave: true };
  if (text === undefined && !(await page.notices.ask(question))) return;
  await page.attempt(async () => {
    const answer = await chat.call("recall_message", { conversationId: entry.id, seq: message.seq });
    if (text !== undefined) desk.recalledTexts.value = new Map(desk.recalledTexts.peek()).set(message.seq, text);
    chat.book.replaceMessage(entry, answer.message);
  });
}

async function copy({ page }: DeskProps, text: string): Promise<void> {
  const isDone = await page.attempt(() => navigator.clipboard.writeText(text));
  if (isDone) page.notices.say(page.words.peek().copied);
}
