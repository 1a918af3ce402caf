import type { User } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Dialog } from "./dialog.tsx";
import { sortedFriends } from "./contacts/sorted-friends.ts";
import { PersonLine } from "./person-line.tsx";
import type { ChatProps } from "./props.ts";
import { SearchField } from "./search-field.tsx";

/** Props of {@link PickPerson}. */
export interface PickPersonProps extends ChatProps {
  readonly title: string;
  readonly onPick: (userId: string) => void;
  readonly onClose: () => void;
}

/** Chooses one of the friends. */
export function PickPerson({ page, chat, title, onPick, onClose }: PickPersonProps): JSX.Element {
  const words = page.words.value;
  const [query, setQuery] = useState("");
  const friends = sortedFriends(chat, page.preferences.language.value, query);
  const pick = (user: User): void => {
    onPick(user.id);
    onClose();
  };
  return (
    <Dialog page={page} title={title} onClose={onClose}>
      <SearchField label={words.searchFriends} query={query} onInput={setQuery} />
      <ul class="people dialog-list">
        {friends.map(({ user }) => (
          <PersonLine key={user.id} page={page} chat={chat} user={user} onPress={() => pick(user)} />
        ))}
      </ul>
      {friends.length === 0 && (
        <p class="pane-hint">{chat.contacts.friends.value.size === 0 ? words.noFriends : words.nothingFound}</p>
      )}
    </Dialog>
  );
}
