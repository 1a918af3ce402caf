import type { ActionOutput, User } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { HOME, readCardLink, readInviteLink } from "../../page/address.ts";
import { InnerPage } from "../inner-page.tsx";
import { PersonLine } from "../person-line.tsx";
import type { ChatProps } from "../props.ts";
import { ShareLink } from "../share-link.tsx";
import { Part } from "../form-parts.tsx";

/** Finds people by name or by their link, and shows the user's own. */
export function AddFriend({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [query, setQuery] = useState("");
  const [users, setUsers] = useState<readonly User[] | undefined>(undefined);
  const [card, setCard] = useState<ActionOutput<"get_my_card"> | undefined>(undefined);
  useEffect(() => {
    chat.call("get_my_card", {}).then(setCard, () => undefined);
  }, []);
  const search = async (event: Event): Promise<void> => {
    event.preventDefault();
    const userId = readCardLink(query);
    const invite = readInviteLink(query);
    if (userId !== undefined) return page.place.goTo({ ...HOME, card: userId });
    if (invite !== undefined) return page.place.goTo({ ...HOME, invite });
    await page.attempt(async () => setUsers((await chat.call("search_users", { query: query.trim() })).users));
  };
  return (
    <InnerPage page={page} title={words.addFriend}>
      <form class="search-form" onSubmit={(event) => void search(event)}>
        <input
          class="input"
          type="search"
          value={query}
          placeholder={words.findPeople}
          aria-label={words.findPeople}
          maxLength={200}
          autoFocus
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <button type="submit" class="button primary" disabled={query.trim() === ""}>
          {words.find}
        </button>
      </form>
      {users !== undefined && (
        <ul class="people">
          {users.map((user) => (
            <PersonLine key={user.id} page={page} chat={chat} user={user} note={user.username ?? undefined} />
          ))}
        </ul>
      )}
      {users?.length === 0 && <p class="pane-hint">{words.nobodyFound}</p>}
      {card !== undefined && (
        <Part title={words.myCard}>
          <ShareLink page={page} path={card.path} qr={card.qr} label={words.myCard} />
          <p class="hint">{words.myCardHint}</p>
        </Part>
      )}
    </InnerPage>
  );
}
