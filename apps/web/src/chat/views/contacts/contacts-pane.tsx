import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";

import { Icon, type IconName } from "../../../views/icons.tsx";
import { moveFocus } from "../move-focus.ts";
import { PersonLine } from "../person-line.tsx";
import type { ChatProps } from "../props.ts";
import { sortedFriends } from "./sorted-friends.ts";

/** The friends, and the ways to more of them. */
export function ContactsPane({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [query, setQuery] = useState("");
  if (chat.me.value.kind === "visitor")
    return (
      <>
        <header class="pane-top">
          <h1 class="pane-title">{words.tabs.contacts}</h1>
        </header>
        <p class="pane-hint">{words.visitorContacts}</p>
        <Way page={page} icon="lock" to="upgrade" tab="settings">
          {words.upgrade}
        </Way>
      </>
    );
  const friends = sortedFriends(chat, page.preferences.language.value, query);
  const pending = chat.contacts.pendingCount.value;
  return (
    <>
      <header class="pane-top">
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            value={query}
            placeholder={words.searchFriends}
            aria-label={words.searchFriends}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") moveFocus(event, ".person-button", "first");
            }}
          />
        </label>
      </header>
      <div class="pane-scroll" onKeyDown={(event) => moveFocus(event, ".pane .person-button, .pane .way")}>
        <Way page={page} icon="plus" to="add">
          {words.addFriend}
        </Way>
        <Way page={page} icon="people" to="requests">
          {words.requests}
          {pending > 0 && <span class="count-badge">{pending}</span>}
        </Way>
        <Way page={page} icon="chats" to="new-group">
          {words.newGroup}
        </Way>
        <Way page={page} icon="mute" to="blocked">
          {words.blocked}
        </Way>
        <h2 class="pane-heading">
          {words.friends} <span class="count">{chat.contacts.friends.value.size}</span>
        </h2>
        <ul class="people">
          {friends.map((friend) => (
            <PersonLine
              key={friend.user.id}
              page={page}
              chat={chat}
              user={friend.user}
              note={friend.remark === "" ? undefined : friend.user.nickname}
            >
              {friend.starred && <Icon name="star" />}
            </PersonLine>
          ))}
        </ul>
        {friends.length === 0 && <p class="pane-hint">{query === "" ? words.noFriends : words.nothingFound}</p>}
      </div>
    </>
  );
}

interface WayProps extends Pick<ChatProps, "page"> {
  readonly icon: IconName;
  readonly to: string;
  readonly tab?: "contacts" | "settings";
  readonly children: ComponentChildren;
}

/** A line that opens a page. */
export function Way({ page, icon, to, tab = "contacts", children }: WayProps): JSX.Element {
  const isOpen = page.place.address.value.page === to;
  return (
    <button
      type="button"
      class="way"
      aria-current={isOpen ? "page" : undefined}
      onClick={() => page.place.goTo({ tab, page: to, conversation: undefined }, isOpen ? "replace" : "push")}
    >
      <Icon name={icon} />
      <span class="way-text">{children}</span>
      <Icon name="chevron" />
    </button>
  );
}
