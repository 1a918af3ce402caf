import type { JSX } from "preact";

import { InnerPage } from "../inner-page.tsx";
import { PersonLine } from "../person-line.tsx";
import type { ChatProps } from "../props.ts";

/** Whom the user has blocked. */
export function Blocked({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const users = chat.contacts.blocked.value;
  return (
    <InnerPage page={page} title={words.blocked}>
      <ul class="people">
        {users.map((user) => (
          <PersonLine key={user.id} page={page} chat={chat} user={user}>
            <button
              type="button"
              class="button small"
              onClick={() =>
                void page.attempt(async () => {
                  await chat.call("unblock_user", { userId: user.id });
                  chat.contacts.putBlocked(user, false);
                })
              }
            >
              {words.unblock}
            </button>
          </PersonLine>
        ))}
      </ul>
      {users.length === 0 && <p class="pane-hint">{words.nobodyBlocked}</p>}
    </InnerPage>
  );
}
