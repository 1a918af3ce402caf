import type { Message } from "@hutong/chat-api";
import type { JSX } from "preact";

import { HOME } from "../../page/address.ts";
import { conversationTitle, messageText, personPicture, senderName } from "../../page/names.ts";
import { shortMoment } from "../../page/short-moment.ts";
import { Face } from "../face.tsx";
import type { ChatProps } from "../props.ts";

/** Props of {@link FoundMessage}. */
export interface FoundMessageProps extends ChatProps {
  readonly message: Message;
  readonly query: string;
  /** Whether the conversation is named; left out where all results are of one. */
  readonly isElsewhere: boolean;
}

/** A message that a search has found; a press goes there. */
export function FoundMessage({ page, chat, message, query, isElsewhere }: FoundMessageProps): JSX.Element {
  const words = page.words.value;
  const entry = chat.book.entries.value.get(message.conversationId);
  const name = senderName(chat, message);
  const title = isElsewhere && entry !== undefined ? conversationTitle(chat, entry.view.value, words) : undefined;
  const { panel } = page.place.address.value;
  return (
    <li>
      <button
        type="button"
        class="chat-item found"
        onClick={() =>
          page.place.goTo({
            ...HOME,
            conversation: message.conversationId,
            at: message.seq,
            panel: narrow() ? undefined : panel,
          })
        }
      >
        <Face name={name} picture={personPicture(chat, message.senderId)} />
        <span class="chat-item-top">
          <b class="chat-item-title">{title === undefined || title === name ? name : `${name} · ${title}`}</b>
          <time class="chat-item-time">{shortMoment(message.createdAt, page.clock.now(), page.formatters.value)}</time>
        </span>
        <span class="found-text">{highlight(messageText(chat, message, words), query)}</span>
      </button>
    </li>
  );
}

function narrow(): boolean {
  return matchMedia("(width < 1100px)").matches;
}

/** The text around the first find, with each find marked. */
function highlight(text: string, query: string): (string | JSX.Element)[] {
  const wanted = query.split(/\s+/u).filter((word) => word !== "");
  const lower = text.toLocaleLowerCase();
  const places = wanted.map((word) => ({ word, at: lower.indexOf(word.toLocaleLowerCase()) }));
  const [first] = places.filter(({ at }) => at >= 0).sort((left, right) => left.at - right.at);
  if (first === undefined) return [text];
  const from = Math.max(0, first.at - 24);
  const end = first.at + first.word.length;
  return [
    (from > 0 ? "…" : "") + text.slice(from, first.at),
    <mark key="found">{text.slice(first.at, end)}</mark>,
    text.slice(end, end + 120),
  ];
}
