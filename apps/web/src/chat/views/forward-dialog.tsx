import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { createId } from "../browser/create-id.ts";
import { errorText } from "../page/chat-page.ts";
import { conversationTitle, messageText } from "../page/names.ts";
import { PickLine } from "./pick-line.tsx";
import type { DeskProps } from "./props.ts";
import { SearchField } from "./search-field.tsx";
import { usePicked } from "./use-picked.ts";
import { Dialog } from "./dialog.tsx";
import { ConversationFace } from "./conversation-face.tsx";

/** The contract's limit on targets of one forward. */
const MAX_TARGETS = 20;

/** Sends copies of messages to other conversations. */
export function ForwardDialog({ page, chat, entry, desk }: DeskProps): JSX.Element | null {
  const words = page.words.value;
  const messages = desk.forwarded.value ?? [];
  const [query, setQuery] = useState("");
  const targets = usePicked(MAX_TARGETS);
  const [clientMessageId] = useState(createId);
  const close = (): void => {
    desk.forwarded.value = undefined;
  };
  const send = async (): Promise<void> => {
    const isDone = await page.attempt(async () => {
      const seqs = messages.map(({ seq }) => seq);
      const { refused } = await chat.call("forward_messages", {
        conversationId: entry.id,
        seqs,
        to: [...targets.ids],
        clientMessageId,
      });
      const [first] = refused;
      page.notices.say(
        first === undefined ? words.forwardDone : words.forwardRefused(refused.length) + errorText(words, first.code),
      );
    });
    if (isDone) close();
  };
  const wanted = query.trim().toLocaleLowerCase();
  const entries = chat.book.list.value.filter(({ view: { value: view } }) => {
    const isOver = view.state === "dismissed" || view.maxSeq !== null;
    return !isOver && conversationTitle(chat, view, words).toLocaleLowerCase().includes(wanted);
  });
  return (
    <Dialog page={page} title={words.forwardTo} onClose={close}>
      <p class="hint forward-what">
        {messages.length === 1 && messages[0] !== undefined
          ? messageText(chat, messages[0], words)
          : words.messageCount(messages.length)}
      </p>
      <SearchField label={words.search} query={query} onInput={setQuery} />
      <ul class="people dialog-list">
        {entries.slice(0, 100).map((one) => {
          const view = one.view.value;
          return (
            <PickLine key={one.id} id={one.id} name={conversationTitle(chat, view, words)} picked={targets}>
              <ConversationFace page={page} chat={chat} view={view} />
            </PickLine>
          );
        })}
      </ul>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" class="button primary" disabled={targets.ids.size === 0} onClick={() => void send()}>
          {words.forward} {targets.ids.size > 0 && `(${targets.ids.size})`}
        </button>
      </div>
    </Dialog>
  );
}
