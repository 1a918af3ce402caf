import type { User } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { PersonLine } from "../person-line.tsx";
import { sortedFriends } from "../contacts/sorted-friends.ts";
import type { ChatProps } from "../props.ts";
import { FoundMessage } from "./found-message.tsx";
import { openDirect } from "../open-direct.ts";
import { useSearch } from "./use-search.ts";

/** Props of {@link SearchResults}. */
export interface SearchResultsProps extends ChatProps {
  readonly query: string;
}

/** What else a search of the list finds: friends, and messages of all conversations. */
export function SearchResults({ page, chat, query }: SearchResultsProps): JSX.Element {
  const words = page.words.value;
  const found = useSearch({ page, chat }, query, undefined);
  const [friends, setFriends] = useState<readonly User[]>([]);
  useEffect(() => {
    setFriends(sortedFriends(chat, page.preferences.language.peek(), query).map(({ user }) => user));
  }, [query]);
  return (
    <>
      {friends.length > 0 && (
        <>
          <h2 class="pane-heading">{words.friends}</h2>
          <ul class="people">
            {friends.slice(0, 8).map((user) => (
              <PersonLine
                key={user.id}
                page={page}
                chat={chat}
                user={user}
                onPress={() => void openDirect({ page, chat }, user.id)}
              />
            ))}
          </ul>
        </>
      )}
      <h2 class="pane-heading">{words.messages}</h2>
      <ul class="chat-items">
        {found.messages.map((message) => (
          <FoundMessage key={message.id} page={page} chat={chat} message={message} query={query} isElsewhere={true} />
        ))}
      </ul>
      {found.messages.length === 0 && <p class="pane-hint">{found.isBusy ? words.searching : words.nothingFound}</p>}
      {found.hasMore && (
        <button type="button" class="button quiet pane-more" onClick={found.loadMore}>
          {words.loadMore}
        </button>
      )}
    </>
  );
}
