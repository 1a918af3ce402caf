import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { HOME } from "../../page/address.ts";
import { Face } from "../face.tsx";
import { Field } from "../gate.tsx";
import { InnerPage } from "../inner-page.tsx";
import type { ChatProps } from "../props.ts";
import { friendName, sortedFriends } from "./sorted-friends.ts";

/** Makes a group of friends. */
export function NewGroup({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [title, setTitle] = useState("");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const friends = sortedFriends(chat, page.preferences.language.value);
  const toggle = (id: string): void => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  const create = async (event: Event): Promise<void> => {
    event.preventDefault();
    await page.attempt(async () => {
      const named = title.trim() === "" ? {} : { title: title.trim() };
      const { conversation } = await chat.call("create_group", { userIds: [...picked], ...named });
      chat.book.putConversation(conversation);
      page.place.goTo({ ...HOME, conversation: conversation.id });
    });
  };
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
        <button type="submit" class="button primary" disabled={picked.size === 0}>
          {words.createGroup} {picked.size > 0 && `(${picked.size + 1})`}
        </button>
      </form>
    </InnerPage>
  );
}
