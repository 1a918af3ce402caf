import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { hueOf } from "../../../state/identity.ts";
import { Icon } from "../../../views/icons.tsx";
import { personPicture, recallText, senderName } from "../../page/names.ts";
import type { DeskProps, PageRow } from "../props.ts";
import { Face } from "../face.tsx";
import { Menu } from "../menu.tsx";
import { useMenuPlace } from "../use-menu-place.ts";
import { Body } from "./body.tsx";
import { actionsFor, react } from "./message-actions.ts";
import { PersonCard } from "./person-card.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";
import { ReadMark } from "./read-mark.tsx";

/** Props of {@link MessageView}. */
export interface MessageViewProps extends DeskProps {
  readonly row: Extract<PageRow, { readonly kind: "message" }>;
  readonly isHighlighted: boolean;
}

/** A message with everything that belongs to it. */
export function MessageView(props: MessageViewProps): JSX.Element {
  const { page, chat, entry, desk, row } = props;
  const { message, isHead } = row;
  const words = page.words.value;
  const isOwn = message.senderId === chat.userId;
  const name = senderName(chat, message);
  const label = `${name}, ${page.formatters.value.moment(message.createdAt)}`;
  const isDirect = entry.view.value.type === "direct";
  const chosen = desk.chosen.value;
  if (message.type === "recalled" || message.type === "removed") return <Gone {...props} />;
  return (
    <article
      class="row talk-row"
      data-own={isOwn}
      data-head={isHead}
      data-highlighted={props.isHighlighted}
      data-chosen={chosen?.has(message.seq) ?? false}
      aria-label={label}
      onClickCapture={(event) => {
        if (chosen === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        const next = new Set(chosen);
        if (!next.delete(message.seq)) next.add(message.seq);
        desk.chosen.value = next;
      }}
    >
      {chosen !== undefined && (
        <button
          type="button"
          class="choice"
          role="checkbox"
          aria-checked={chosen.has(message.seq)}
          aria-label={label}
        />
      )}
      {!isOwn && <Sender {...props} name={name} />}
      <div class="talk-body">
        {isHead && (
          <p class="group-head">
            <b class={isOwn || isDirect ? "visually-hidden" : "group-name"} style={{ "--hue": String(hueOf(name)) }}>
              {isOwn ? words.you : name}
            </b>
            <time dateTime={new Date(message.createdAt).toISOString()}>
              {page.formatters.value.time(message.createdAt)}
            </time>
          </p>
        )}
        <Bubble {...props} />
        <Reactions page={page} chat={chat} entry={entry} message={message} />
        {isOwn && <ReadMark page={page} chat={chat} entry={entry} message={message} />}
      </div>
    </article>
  );
}

/** The face of a group's first message; it opens the person. */
function Sender({ page, chat, row, name }: MessageViewProps & { readonly name: string }): JSX.Element {
  const [at, setAt] = useState<DOMPoint | undefined>(undefined);
  const { message, isHead } = row;
  if (!isHead) return <span class="talk-gap" />;
  const isPerson = chat.book.users.value.has(message.senderId);
  return (
    <>
      <button
        type="button"
        class="face-button"
        aria-label={name}
        disabled={!isPerson}
        onClick={(event) => setAt(new DOMPoint(event.clientX, event.clientY))}
      >
        <Face name={name} picture={personPicture(chat, message.senderId)} />
      </button>
      {at !== undefined && (
        <PersonCard page={page} chat={chat} userId={message.senderId} at={at} onClose={() => setAt(undefined)} />
      )}
    </>
  );
}

function Bubble(props: MessageViewProps): JSX.Element {
  const { page, chat, entry, desk, row } = props;
  const { message } = row;
  const words = page.words.value;
  const menu = useMenuPlace(page.clock);
  return (
    <div class="bubble-line">
      <div
        class="bubble"
        dir="auto"
        data-type={message.type}
        data-emoji={message.type === "text" && isEmojiOnly(message.body.text)}
        {...menu.handlers}
        onDblClick={() => (desk.answered.value = message)}
      >
        {message.forwarded && (
          <p class="bubble-forwarded">
            <Icon name="forward" />
            {words.forwarded}
          </p>
        )}
        {message.replyTo > 0 && <Quote page={page} chat={chat} entry={entry} seq={message.replyTo} />}
        <Body page={page} chat={chat} desk={desk} message={message} />
        {message.editedAt > 0 && <span class="bubble-edited">{words.edited}</span>}
      </div>
      <div class="bubble-tools">
        <button
          type="button"
          class="icon-button"
          aria-label={words.like}
          title={words.like}
          onClick={() => react({ page, chat, entry }, message, "👍")}
        >
          <Icon name="like" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={words.reply}
          title={words.reply}
          onClick={() => (desk.answered.value = message)}
        >
          <Icon name="reply" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={words.more}
          title={words.more}
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            menu.set(new DOMPoint(box.left, box.bottom + 4));
          }}
        >
          <Icon name="more" />
        </button>
      </div>
      {menu.at !== undefined && (
        <Menu
          at={menu.at}
          label={words.messageMenu}
          items={actionsFor({ page, chat, entry, desk }, message)}
          onClose={() => menu.set(undefined)}
        />
      )}
    </div>
  );
}

/** What is left of a message that was taken back. */
function Gone({ page, chat, desk, row }: MessageViewProps): JSX.Element {
  const { message } = row;
  const words = page.words.value;
  const text = message.type === "recalled" ? recallText(chat, message, words) : words.removedMessage;
  const own = desk.recalledTexts.value.get(message.seq);
  return (
    <p class="row notice-line">
      <span>
        {text}
        {own !== undefined && (
          <button type="button" class="text-button" onClick={() => (desk.proposed.value = own)}>
            {words.editAgain}
          </button>
        )}
      </span>
    </p>
  );
}

const EMOJI_ONLY =
  /^(?:\p{Extended_Pictographic}(?:\u{FE0F}|\u{200D}\p{Extended_Pictographic}|\p{Emoji_Modifier})*){1,3}$/u;

/** Up to three emoji alone are shown large. */
function isEmojiOnly(text: string): boolean {
  return text.length <= 24 && EMOJI_ONLY.test(text);
}
