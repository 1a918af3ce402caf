import type { JSX, RefObject } from "preact";

import type { PageProps } from "./page-props.ts";
import { ClientBadge } from "./avatar.tsx";
import { ConnectionStatus } from "./connection.tsx";
import { Icon } from "./icons.tsx";

/** Props of {@link RoomHeader}. */
export interface RoomHeaderProps extends PageProps {
  readonly isPanelOpen: boolean;
  readonly onOpenPanel: () => void;
  /** Where the focus returns when the panel closes. */
  readonly opener: RefObject<HTMLButtonElement | null>;
}

/** Names the room, who carries it, and how the link is. */
export function RoomHeader({ page, isPanelOpen, onOpenPanel, opener }: RoomHeaderProps): JSX.Element {
  const words = page.words.value;
  const { view, client } = page.address.value;
  const count = page.room.members.value.length;
  return (
    <header class="room-header">
      <button
        ref={opener}
        type="button"
        class="icon-button panel-opener"
        aria-label={words.openPanel}
        aria-expanded={isPanelOpen}
        aria-controls="side-panel"
        onClick={onOpenPanel}
      >
        <Icon name="menu" />
      </button>
      <div class="room-title">
        <h1>{view === "embedded" ? page.nickname.value : page.roomTitle.value}</h1>
        {count > 0 && <p class="room-count">{words.memberCount(count)}</p>}
      </div>
      <ClientBadge client={client} />
      <ConnectionStatus page={page} />
    </header>
  );
}
