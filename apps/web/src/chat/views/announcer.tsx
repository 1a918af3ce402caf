import type { JSX } from "preact";
import { useEffect } from "preact/hooks";

import { conversationTitle, messageText, senderName } from "../page/names.ts";
import type { ChatProps } from "./props.ts";

/** Tells screen readers of new messages elsewhere, and everybody by the title and, where wanted, a sound. */
export function Announcer({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const arrival = page.arrival.value;
  const unread = chat.book.unread.value;
  const { conversation } = page.place.address.value;
  const entry = conversation === undefined ? undefined : chat.book.entries.value.get(conversation);
  const title = entry === undefined ? "" : `${conversationTitle(chat, entry.view.value, words)} · `;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : ""}${title}Hutong 胡同`;
  }, [unread, title]);
  useEffect(() => {
    if (arrival === undefined || !page.sound.value || !arrival.entry.view.peek().notify) return;
    if (document.visibilityState === "hidden" || arrival.entry.id !== conversation) page.chime();
  }, [arrival]);
  const isElsewhere = arrival !== undefined && arrival.entry.id !== conversation;
  return (
    <p class="visually-hidden" aria-live="polite">
      {isElsewhere &&
        words.announce({
          from: senderName(chat, arrival.message),
          where: conversationTitle(chat, arrival.entry.view.value, words),
          text: messageText(chat, arrival.message, words),
        })}
    </p>
  );
}
