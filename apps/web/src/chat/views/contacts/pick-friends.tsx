import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Dialog } from "../dialog.tsx";
import type { ChatProps } from "../props.ts";
import { SearchField } from "../search-field.tsx";
import { usePicked } from "../use-picked.ts";
import { FriendLines } from "./friend-lines.tsx";
import { sortedFriends } from "./sorted-friends.ts";

/** Props of {@link PickFriends}. */
export interface PickFriendsProps extends ChatProps {
  readonly title: string;
  readonly button: string;
  /** Who is left out. */
  readonly without: ReadonlySet<string>;
  /** Resolves with whether it worked; then the dialog closes. */
  readonly onPick: (userIds: readonly string[]) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Chooses several friends. */
export function PickFriends({ page, chat, title, button, without, onPick, onClose }: PickFriendsProps): JSX.Element {
  const words = page.words.value;
  const [query, setQuery] = useState("");
  const picked = usePicked();
  const friends = sortedFriends(chat, page.preferences.language.value, query).filter(
    ({ user }) => !without.has(user.id),
  );
  const done = async (): Promise<void> => {
    if (await onPick([...picked.ids])) onClose();
  };
  return (
    <Dialog page={page} title={title} onClose={onClose}>
      <SearchField label={words.searchFriends} query={query} onInput={setQuery} />
      <ul class="people dialog-list">
        <FriendLines friends={friends} picked={picked} />
      </ul>
      {friends.length === 0 && (
        <p class="pane-hint">{chat.contacts.friends.value.size === 0 ? words.noFriends : words.nothingFound}</p>
      )}
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" class="button primary" disabled={picked.ids.size === 0} onClick={() => void done()}>
          {button} {picked.ids.size > 0 && `(${picked.ids.size})`}
        </button>
      </div>
    </Dialog>
  );
}
