import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { SidePanel } from "../side-panel.tsx";
import type { EntryProps } from "../props.ts";
import { SearchField } from "../search-field.tsx";
import { FoundMessage } from "./found-message.tsx";
import { useSearch } from "./use-search.ts";

/** Finds messages of one conversation. */
export function SearchPanel({ page, chat, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const [query, setQuery] = useState("");
  const found = useSearch({ page, chat }, query.trim(), entry.id);
  return (
    <SidePanel page={page} title={words.searchHere}>
      <SearchField label={words.searchHere} placeholder={words.search} query={query} onInput={setQuery} />
      <ul class="chat-items">
        {found.messages.map((message) => (
          <FoundMessage key={message.id} page={page} chat={chat} message={message} query={query} isElsewhere={false} />
        ))}
      </ul>
      {query.trim() !== "" && found.messages.length === 0 && (
        <p class="pane-hint">{found.isBusy ? words.searching : words.nothingFound}</p>
      )}
      {found.hasMore && (
        <button type="button" class="button quiet" onClick={found.loadMore}>
          {words.loadMore}
        </button>
      )}
    </SidePanel>
  );
}
