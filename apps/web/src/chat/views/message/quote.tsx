import type { JSX } from "preact";

import { messageText, senderName } from "../../page/names.ts";
import type { EntryProps } from "../props.ts";

/** The message that another one answers; a press goes there. */
export function Quote({ page, chat, entry, seq }: EntryProps & { readonly seq: number }): JSX.Element {
  const words = page.words.value;
  void entry.logVersion.value;
  const message = entry.log.get(seq);
  return (
    <button type="button" class="quote" onClick={() => page.place.goTo({ at: seq })}>
      <b>{message === undefined ? words.earlier : senderName(chat, message)}</b>
      <span>{message === undefined ? words.showMessage : messageText(chat, message, words)}</span>
    </button>
  );
}
