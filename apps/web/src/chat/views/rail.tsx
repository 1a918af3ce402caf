import type { JSX } from "preact";

import { Icon, type IconName } from "../../views/icons.tsx";
import { HOME, type Tab, TABS } from "../page/address.ts";
import { Face } from "./face.tsx";
import type { ChatProps } from "./props.ts";

const ICONS: Readonly<Record<Tab, IconName>> = { chats: "chats", contacts: "people", settings: "settings" };

/** The way between the parts of the chat: at the side, or at the bottom of a phone. */
export function Rail({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const { tab: current } = page.place.address.value;
  const me = chat.me.value;
  const counts: Readonly<Record<Tab, number>> = {
    chats: chat.book.unread.value,
    contacts: chat.contacts.pendingCount.value + chat.contacts.joinRequests.value.length,
    settings: 0,
  };
  return (
    <nav class="rail" aria-label={words.parts}>
      <button
        type="button"
        class="rail-self"
        aria-label={words.profile}
        title={me.nickname}
        onClick={() => page.place.goTo({ ...HOME, tab: "settings", page: "profile" })}
      >
        <Face name={me.nickname} picture={me.avatar} />
      </button>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          class="rail-item"
          aria-current={tab === current ? "page" : undefined}
          title={words.tabs[tab]}
          onClick={() => page.place.goTo({ ...HOME, tab })}
        >
          <Icon name={ICONS[tab]} />
          <span class="rail-label">{words.tabs[tab]}</span>
          {counts[tab] > 0 && (
            <span class="count-badge" aria-label={words.newCount(counts[tab])}>
              {counts[tab] > 99 ? "99+" : counts[tab]}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}
