import type { JSX } from "preact";

import { Icon } from "../../views/icons.tsx";
import { HOME } from "../page/address.ts";
import { conversationTitle, messageText, personName } from "../page/names.ts";
import { shortMoment } from "../page/short-moment.ts";
import { ConversationFace } from "./conversation-face.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import type { EntryProps } from "./props.ts";
import { useMenuPlace } from "./use-menu-place.ts";

/** Props of {@link ChatItem}. */
export interface ChatItemProps extends EntryProps {
  /** Whether the Tab key stops at it; the arrow keys reach the others. */
  readonly isStop: boolean;
  readonly onFocus: () => void;
}

/** One conversation of the list. */
export function ChatItem({ page, chat, entry, isStop, onFocus }: ChatItemProps): JSX.Element {
  const menu = useMenuPlace(page.clock);
  const words = page.words.value;
  const view = entry.view.value;
  const isOpen = page.place.address.value.conversation === entry.id;
  const title = conversationTitle(chat, view, words);
  const presence = view.peerId === null ? undefined : chat.book.presences.value.get(view.peerId);
  return (
    <li class="chat-line" onFocusIn={onFocus}>
      <button
        type="button"
        class="chat-item"
        tabIndex={isStop ? 0 : -1}
        aria-current={isOpen ? "page" : undefined}
        data-pinned={view.pinnedAt > 0}
        onClick={() => page.place.goTo({ ...HOME, conversation: entry.id }, isOpen ? "replace" : "push")}
        {...menu.handlers}
      >
        <ConversationFace
          page={page}
          chat={chat}
          view={view}
          size="large"
          isOnline={presence?.online === true ? true : undefined}
        />
        <span class="chat-item-top">
          <b class="chat-item-title">{title}</b>
          {view.lastMessageAt > 0 && (
            <time class="chat-item-time">
              {shortMoment(view.lastMessageAt, page.clock.now(), page.formatters.value)}
            </time>
          )}
        </span>
        <span class="chat-item-bottom">
          <Preview page={page} chat={chat} entry={entry} />
          <Marks page={page} chat={chat} entry={entry} />
        </span>
      </button>
      <button
        type="button"
        class="icon-button chat-more"
        tabIndex={isStop ? 0 : -1}
        aria-label={`${words.more}: ${title}`}
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          menu.set(new DOMPoint(box.left, box.bottom + 4));
        }}
      >
        <Icon name="more" />
      </button>
      {menu.at !== undefined && (
        <Menu at={menu.at} label={title} items={itemsOf({ page, chat, entry })} onClose={() => menu.set(undefined)} />
      )}
    </li>
  );
}

function Preview({ page, chat, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const view = entry.view.value;
  const draft = chat.drafts.texts.value.get(entry.id);
  const typist = [...entry.typing.value.keys()][0];
  const pending = chat.outbox.entries.value.some(
    ({ conversationId, state }) => conversationId === entry.id && state.kind === "refused",
  );
  if (typist !== undefined) return <span class="chat-item-text typing">{words.typing}</span>;
  if (draft !== undefined)
    return (
      <span class="chat-item-text">
        <b class="draft-mark">{words.draft}</b> {draft}
      </span>
    );
  const last = view.lastMessage;
  const isFromOther = last !== null && view.type !== "direct" && last.type !== "notice" && last.type !== "recalled";
  const from = !isFromOther
    ? ""
    : `${last.senderId === chat.userId ? words.you : (last.senderName ?? personName(chat, last.senderId))}${words.colon}`;
  return (
    <span class="chat-item-text">
      {view.mentioned && <b class="draft-mark">{words.mentionedYou} </b>}
      {pending && <b class="draft-mark">{words.notSent} </b>}
      {last === null ? "" : from + messageText(chat, last, words)}
    </span>
  );
}

function Marks({ page, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const { notify, unread, markedUnread, pinnedAt } = entry.view.value;
  return (
    <>
      {!notify && <Icon name="mute" />}
      {pinnedAt > 0 && unread === 0 && <Icon name="pin" />}
      {unread > 0 ? (
        <span class="count-badge" data-quiet={!notify} aria-label={words.unreadCount(unread)}>
          {unread > 99 ? "99+" : unread}
        </span>
      ) : (
        markedUnread && <span class="count-badge" data-dot="true" aria-label={words.unreadCount(1)} />
      )}
    </>
  );
}

/** What can be done with a conversation from the list. */
function itemsOf({ page, chat, entry }: EntryProps): readonly MenuItem[] {
  const words = page.words.peek();
  const view = entry.view.peek();
  const update = async (change: { pinned?: boolean; notify?: boolean; hidden?: boolean; markedUnread?: boolean }) => {
    const { conversation } = await chat.call("update_membership", { conversationId: entry.id, ...change });
    chat.book.putConversation(conversation);
  };
  const change = (given: Parameters<typeof update>[0]) => (): void => void page.attempt(() => update(given));
  const hide = async (): Promise<void> => {
    if (!(await page.attempt(() => update({ hidden: true })))) return;
    if (page.place.address.peek().conversation === entry.id) page.place.goTo(HOME);
    page.notices.say(words.hidden, { label: words.undo, run: change({ hidden: false }) });
  };
  const isUnread = view.unread > 0 || view.markedUnread;
  return [
    { label: view.pinnedAt > 0 ? words.unpin : words.pin, icon: "pin", run: change({ pinned: view.pinnedAt === 0 }) },
    { label: view.notify ? words.mute : words.unmute, icon: "mute", run: change({ notify: !view.notify }) },
    isUnread
      ? { label: words.markRead, icon: "check", run: () => chat.reading.read(entry, view.lastSeq) }
      : { label: words.markUnread, icon: "unread", run: change({ markedUnread: true }) },
    { label: words.hide, icon: "hide", run: () => void hide() },
  ];
}
