import type { JSX } from "preact";

import { HOME } from "../page/address.ts";
import { enterLobby } from "./enter-lobby.ts";
import type { ChatProps } from "./props.ts";

/** What stands beside the list while nothing is open. */
export function EmptyPane({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const isVisitor = chat.me.value.kind === "visitor";
  return (
    <div class="empty stage-empty">
      <span class="empty-lantern" aria-hidden="true" />
      <h2>{words.emptyTitle}</h2>
      <p>{isVisitor ? words.emptyVisitor : words.emptyText}</p>
      <div class="empty-ways">
        <button type="button" class="button" onClick={() => void enterLobby({ page, chat })}>
          {words.enterLobby}
        </button>
        {!isVisitor && (
          <button
            type="button"
            class="button"
            onClick={() => page.place.goTo({ ...HOME, tab: "contacts", page: "add" })}
          >
            {words.addFriend}
          </button>
        )}
      </div>
    </div>
  );
}
