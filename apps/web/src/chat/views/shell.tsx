import type { ComponentType, JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { ChatList } from "./chat-list.tsx";
import { ConversationPage } from "./conversation-page.tsx";
import { lazyView } from "./lazy-view.tsx";
import { ConnectionBanner } from "./connection.tsx";
import { Announcer } from "./announcer.tsx";
import { EmptyPane } from "./empty-pane.tsx";
import type { ChatProps } from "./props.ts";
import { Rail } from "./rail.tsx";
import { useTurns } from "./use-turns.ts";

const ContactsPane = lazyView(() => import("./contacts/contacts-pane.tsx").then((module) => module.ContactsPane));
const ContactsPage = lazyView(() => import("./contacts/contacts-page.tsx").then((module) => module.ContactsPage));
const SettingsPane = lazyView(() => import("./settings/settings-pane.tsx").then((module) => module.SettingsPane));
const SettingsPage = lazyView(() => import("./settings/settings-page.tsx").then((module) => module.SettingsPage));
const InvitePage = lazyView(() => import("./contacts/invite-page.tsx").then((module) => module.InvitePage));
const CardPage = lazyView(() => import("./contacts/card-page.tsx").then((module) => module.CardPage));

/** The chat: the rail, a list, and what is open. On a phone one of the last two at a time. */
export function Shell({ page, chat }: ChatProps): JSX.Element {
  const { tab, conversation, page: inner, invite, card } = page.place.address.value;
  const isOpen = [conversation, inner, invite, card].some((part) => part !== undefined);
  useShortcuts(page);
  const stage = useRef<HTMLElement>(null);
  useTurns(isOpen, stage);
  return (
    <div class="shell" data-open={isOpen}>
      <Rail page={page} chat={chat} />
      <section class="pane" aria-label={page.words.value.tabs[tab]}>
        {!isOpen && <h1 class="visually-hidden">{page.words.value.tabs[tab]}</h1>}
        <ConnectionBanner page={page} chat={chat} />
        <Pane page={page} chat={chat} />
      </section>
      <main ref={stage} class="stage" tabIndex={-1}>
        {/* On a phone, where the list is not seen. */}
        {isOpen && <ConnectionBanner page={page} chat={chat} />}
        <Stage page={page} chat={chat} />
      </main>
      <Announcer page={page} chat={chat} />
    </div>
  );
}

const PANES: Readonly<Record<string, ComponentType<ChatProps>>> = {
  chats: ChatList,
  contacts: ContactsPane,
  settings: SettingsPane,
};

function Pane(props: ChatProps): JSX.Element {
  const Current = PANES[props.page.place.address.value.tab] ?? ChatList;
  return <Current {...props} />;
}

function Stage({ page, chat }: ChatProps): JSX.Element {
  const { tab, conversation, page: inner, invite, card } = page.place.address.value;
  if (invite !== undefined) return <InvitePage key={invite} page={page} chat={chat} />;
  if (card !== undefined) return <CardPage key={card} page={page} chat={chat} userId={card} />;
  if (tab === "contacts" && inner !== undefined) return <ContactsPage key={inner} page={page} chat={chat} />;
  if (tab === "settings" && inner !== undefined) return <SettingsPage key={inner} page={page} chat={chat} />;
  if (tab === "chats" && conversation !== undefined)
    return <ConversationPage key={conversation} page={page} chat={chat} conversationId={conversation} />;
  return <EmptyPane page={page} chat={chat} />;
}

/** Ctrl+K goes to the search of the list; Escape closes what is open. */
function useShortcuts(page: ChatProps["page"]): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        page.place.goTo({ tab: "chats", page: undefined, invite: undefined, card: undefined });
        // The list may have to be put up first.
        page.clock.after(0, () => document.querySelector<HTMLInputElement>("#list-search")?.focus());
      }
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
      const { panel } = page.place.address.peek();
      if (panel !== undefined) page.place.goTo({ panel: undefined });
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
