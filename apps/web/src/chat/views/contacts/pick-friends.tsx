import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Dialog } from "../dialog.tsx";
import { Face } from "../face.tsx";
import type { ChatProps } from "../props.ts";
import { friendName, sortedFriends } from "./sorted-friends.ts";

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
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const friends = sortedFriends(chat, page.preferences.language.value, query).filter(
    ({ user }) => !without.has(user.id),
  );
  const toggle = (id: string): void => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  const done = async (): Promise<void> => {
    if (await onPick([...picked])) onClose();
  };
  return (
    <Dialog page={page} title={title} onClose={onClose}>
      <input
        class="input"
        type="search"
        placeholder={words.searchFriends}
        aria-label={words.searchFriends}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <ul class="people dialog-list">
        {friends.map((friend) => (
          <li key={friend.user.id} class="person">
            <label class="person-button">
              <Face name={friendName(friend)} picture={friend.user.avatar} />
              <b class="person-text">{friendName(friend)}</b>
              <input type="checkbox" checked={picked.has(friend.user.id)} onChange={() => toggle(friend.user.id)} />
            </label>
          </li>
        ))}
      </ul>
      {friends.length === 0 && <p class="pane-hint">{words.noFriends}</p>}
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onClose}>
          {words.cancel}
        </button>
        <button type="button" class="button primary" disabled={picked.size === 0} onClick={() => void done()}>
          {button} {picked.size > 0 && `(${picked.size})`}
        </button>
      </div>
    </Dialog>
  );
}
