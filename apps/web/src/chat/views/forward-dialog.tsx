import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { createId } from "../browser/create-id.ts";
import { errorText } from "../page/chat-page.ts";
import { conversationPicture, conversationTitle, messageText } from "../page/names.ts";
import type { DeskProps } from "./props.ts";
import { Dialog } from "./dialog.tsx";
import { Face } from "./face.tsx";

/** The contract's limit on targets of one forward. */
const MAX_TARGETS = 20;

/** Sends copies of messages to other conversations. */
export function ForwardDialog({ page, chat, entry, desk }: DeskProps): JSX.Element | null {
  const words = page.words.value;
  const messages = desk.forwarded.value ?? [];
  const [query, setQuery] = useState("");
  const [targets, setTargets] = useState<ReadonlySet<string>>(new Set());
  const [clientMessageId] = useState(createId);
  const close = (): void => {
    desk.forwarded.value = undefined;
  };
  const toggle = (id: string): void => {
    const next = new Set(targets);
    if (!next.delete(id) && next.size < MAX_TARGETS) next.add(id);
    setTargets(next);
  };
  const send = async (): Promise<void> => {
    const isDone = await page.attempt(async () => {
      const seqs = messages.map(({ seq }) => seq);
      const { refused } = await chat.call("forward_messages", {
        conversationId: entry.id,
        seqs,
        to: [...targets],
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
  const entries = chat.book.list.value.filter((one) =>
    conversationTitle(chat, one.view.value, words).toLocaleLowerCase().includes(wanted),
  );
  return (
    <Dialog page={page} title={words.forwardTo} onClose={close}>
      <p class="hint forward-what">
        {messages.length === 1 && messages[0] !== undefined
          ? messageText(chat, messages[0], words)
          : words.messageCount(messages.length)}
      </p>
      <input
        class="input"
        type="search"
        placeholder={words.search}
        aria-label={words.search}
        value={query}
        autoFocus
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
      <ul class="people dialog-list">
        {entries.slice(0, 100).map((one) => {
          const view = one.view.value;
          const title = conversationTitle(chat, view, words);
          return (
            <li key={one.id} class="person">
              <label class="person-button">
                <Face
                  name={title}
                  picture={conversationPicture(chat, view)}
                  shape={view.type === "direct" ? "round" : "square"}
                />
                <b class="person-text">{title}</b>
                <input type="checkbox" checked={targets.has(one.id)} onChange={() => toggle(one.id)} />
              </label>
            </li>
          );
        })}
      </ul>
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={close}>
          {words.cancel}
        </button>
        <button type="button" class="button primary" disabled={targets.size === 0} onClick={() => void send()}>
          {words.forward} {targets.size > 0 && `(${targets.size})`}
        </button>
      </div>
    </Dialog>
  );
}
