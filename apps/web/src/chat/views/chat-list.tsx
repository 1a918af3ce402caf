import type { ConversationEntry } from "@hutong/chat-client";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";

import { isComposing } from "../../state/draft.ts";
import { Icon } from "../../views/icons.tsx";
import { HOME } from "../page/address.ts";
import { conversationTitle } from "../page/names.ts";
import { ChatItem } from "./chat-item.tsx";
import { enterLobby } from "./enter-lobby.ts";
import { lazyView } from "./lazy-view.tsx";
import { Menu, type MenuItem } from "./menu.tsx";
import { moveFocus } from "./move-focus.ts";
import type { ChatProps } from "./props.ts";

const SearchResults = lazyView(() => import("./search/search-results.tsx").then((module) => module.SearchResults));

/** The conversations, with a search that filters them and finds messages. */
export function ChatList({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [query, setQuery] = useState("");
  const entries = useFiltered({ page, chat }, query);
  const isReady = chat.engine.isReady.value;
  const { conversation } = page.place.address.value;
  const [focused, setFocused] = useState<string | undefined>(undefined);
  const stop =
    [focused, conversation].map((id) => entries.find((entry) => entry.id === id)).find(Boolean) ?? entries[0];
  return (
    <>
      <header class="pane-top">
        <label class="search">
          <Icon name="search" />
          <input
            id="list-search"
            type="search"
            value={query}
            placeholder={words.search}
            aria-label={words.search}
            aria-keyshortcuts="Control+K"
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape" && query !== "" && !isComposing(event)) {
                event.preventDefault();
                setQuery("");
              }
              if (event.key === "ArrowDown") moveFocus(event, ".chat-item", "first");
            }}
          />
        </label>
        <NewMenu page={page} chat={chat} />
      </header>
      <div class="pane-scroll" onScroll={(event) => loadNearEnd(event.currentTarget, { page, chat })}>
        <ul class="chat-items" aria-label={words.tabs.chats} onKeyDown={(event) => moveFocus(event, ".chat-item")}>
          {entries.map((entry) => (
            <ChatItem
              key={entry.id}
              page={page}
              chat={chat}
              entry={entry}
              isStop={entry === stop}
              onFocus={() => setFocused(entry.id)}
            />
          ))}
        </ul>
        {entries.length === 0 && query === "" && isReady && (
          <div class="pane-hint">
            <p>{words.noChats}</p>
            <button type="button" class="button" onClick={() => void enterLobby({ page, chat })}>
              {words.enterLobby}
            </button>
          </div>
        )}
        {query.trim() !== "" && <SearchResults page={page} chat={chat} query={query.trim()} />}
      </div>
    </>
  );
}

/** What can be begun. Visitors have no friends and no groups. */
function NewMenu({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [at, setAt] = useState<DOMPoint | undefined>(undefined);
  const lobby: MenuItem = { label: words.enterLobby, icon: "door", run: () => void enterLobby({ page, chat }) };
  const open = (inner: string) => (): void => page.place.goTo({ ...HOME, tab: "contacts", page: inner });
  const items: readonly MenuItem[] = [
    { label: words.addFriend, icon: "person", run: open("add") },
    { label: words.newGroup, icon: "people", run: open("new-group") },
    lobby,
  ];
  return (
    <>
      <button
        type="button"
        class="icon-button"
        aria-label={words.newChat}
        title={words.newChat}
        aria-haspopup="menu"
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setAt(new DOMPoint(box.right, box.bottom + 4));
        }}
      >
        <Icon name="plus" />
      </button>
      {at !== undefined && (
        <Menu
          at={at}
          label={words.newChat}
          items={chat.me.value.kind === "visitor" ? [lobby] : items}
          onClose={() => setAt(undefined)}
        />
      )}
    </>
  );
}

function useFiltered({ page, chat }: ChatProps, query: string): readonly ConversationEntry[] {
  const list = chat.book.list.value;
  const words = page.words.value;
  const wanted = query.trim().toLocaleLowerCase();
  return useMemo(
    () =>
      wanted === ""
        ? list
        : list.filter((entry) =>
            conversationTitle(chat, entry.view.peek(), words).toLocaleLowerCase().includes(wanted),
          ),
    [list, wanted, words],
  );
}

/** The list grows as somebody scrolls towards its end. */
function loadNearEnd(element: HTMLElement, { page, chat }: ChatProps): void {
  const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < 600;
  if (!isNear || chat.engine.next.peek() === null || element.dataset["loading"] === "true") return;
  element.dataset["loading"] = "true";
  void page.attempt(() => chat.engine.loadMore()).then(() => delete element.dataset["loading"]);
}
