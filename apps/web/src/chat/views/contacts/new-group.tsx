import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { HOME } from "../../page/address.ts";
import { Field } from "../form-parts.tsx";
import { InnerPage } from "../inner-page.tsx";
import type { ChatProps } from "../props.ts";
import { usePicked } from "../use-picked.ts";
import { FriendLines } from "./friend-lines.tsx";
import { sortedFriends } from "./sorted-friends.ts";

/** Makes a group of friends. */
export function NewGroup({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [title, setTitle] = useState("");
  const picked = usePicked();
  const friends = sortedFriends(chat, page.preferences.language.value);
  const create = async (event: Event): Promise<void> => {
    event.preventDefault();
    await page.attempt(async () => {
      const named = title.trim() === "" ? {} : { title: title.trim() };
      const { conversation } = await chat.call("create_group", { userIds: [...picked.ids], ...named });
      chat.book.putConversation(conversation);
      page.place.goTo({ ...HOME, conversation: conversation.id });
    });
  };
  if (friends.length === 0)
    return (
      <InnerPage page={page} title={words.newGroup}>
        <div class="pane-hint">
          <p>{words.noFriends}</p>
          <button type="button" class="button" onClick={() => page.place.goTo({ page: "add" })}>
            {words.addFriend}
          </button>
        </div>
      </InnerPage>
    );
  return (
    <InnerPage page={page} title={words.newGroup}>
      <form class="stack" onSubmit={(event) => void create(event)}>
        <Field
          label={words.groupName}
          value={title}
          onInput={setTitle}
          input={{ maxLength: 50, placeholder: words.groupNameHint }}
        />
        <h2 class="part-title">{words.chooseFriends}</h2>
        <ul class="people boxed">
          <FriendLines friends={friends} picked={picked} />
        </ul>
        <button type="submit" class="button primary" disabled={picked.ids.size === 0}>
          {words.createGroup} {picked.ids.size > 0 && `(${picked.ids.size + 1})`}
        </button>
      </form>
    </InnerPage>
  );
}
