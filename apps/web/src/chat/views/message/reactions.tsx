import type { Message } from "@hutong/chat-api";
import type { JSX } from "preact";

import { personName } from "../../page/names.ts";
import type { EntryProps } from "../props.ts";
import { react } from "./message-actions.ts";

/** How people have reacted; a press joins in or takes the own one back. */
export function Reactions({
  page,
  chat,
  entry,
  message,
}: EntryProps & { readonly message: Message }): JSX.Element | null {
  const { reactions } = message;
  if (reactions.length === 0) return null;
  return (
    <ul class="reactions" aria-label={page.words.value.reactions}>
      {reactions.map(({ emoji, count, userIds }) => (
        <li key={emoji}>
          <button
            type="button"
            class="reaction"
            aria-pressed={userIds.includes(chat.userId)}
            title={userIds.map((userId) => personName(chat, userId)).join(page.words.value.comma)}
            onClick={() => react({ page, chat, entry }, message, emoji)}
          >
            <span>{emoji}</span>
            <span class="reaction-count">{count}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
