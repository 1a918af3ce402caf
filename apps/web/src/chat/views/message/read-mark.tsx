import type { Message, User } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import { Dialog } from "../dialog.tsx";
import { PersonLine } from "../person-line.tsx";
import type { EntryProps } from "../props.ts";

/** How far an own message has come: stored, received, read; in groups by how many. */
export function ReadMark({
  page,
  chat,
  entry,
  message,
}: EntryProps & { readonly message: Message }): JSX.Element | null {
  const words = page.words.value;
  const { type, lastSeq } = entry.view.value;
  const [readers, setReaders] = useState<readonly User[] | undefined>(undefined);
  if (type === "room") return null;
  const marks = [...entry.marks.value].filter(([userId]) => userId !== chat.userId);
  const readCount = marks.filter(([, { readSeq }]) => readSeq >= message.seq).length;
  if (type === "direct") {
    const isReceived = marks.some(([, { receivedSeq }]) => receivedSeq >= message.seq);
    const next = nextOwn({ page, chat, entry }, message.seq);
    // One mark says it for all messages above it.
    if (next !== undefined && readCount > 0 === marks.some(([, { readSeq }]) => readSeq >= next.seq)) return null;
    const label = readCount > 0 ? words.read : isReceived ? words.received : words.sent;
    return (
      <p class="delivery" data-read={readCount > 0}>
        <Icon name={readCount > 0 || isReceived ? "checks" : "check"} />
        {label}
      </p>
    );
  }
  if (readCount === 0 && message.seq !== lastSeq) return null;
  const next = nextOwn({ page, chat, entry }, message.seq);
  if (next !== undefined && marks.filter(([, { readSeq }]) => readSeq >= next.seq).length >= readCount) return null;
  const show = async (): Promise<void> => {
    await page.attempt(async () => {
      const { users } = await chat.call("list_readers", { conversationId: entry.id, seq: message.seq });
      setReaders(users);
    });
  };
  return (
    <p class="delivery" data-read={readCount > 0}>
      <Icon name={readCount > 0 ? "checks" : "check"} />
      {readCount === 0 ? (
        words.sent
      ) : (
        <button type="button" class="plain-button" onClick={() => void show()}>
          {words.readBy(readCount)}
        </button>
      )}
      {readers !== undefined && (
        <Dialog page={page} title={words.readBy(readers.length)} onClose={() => setReaders(undefined)}>
          <ul class="people">
            {readers.map((user) => (
              <PersonLine key={user.id} page={page} chat={chat} user={user} />
            ))}
          </ul>
        </Dialog>
      )}
    </p>
  );
}

/** The next own message, if it is near. */
function nextOwn({ chat, entry }: EntryProps, seq: number): Message | undefined {
  for (let next = seq + 1; next <= seq + 20; next += 1) {
    const message = entry.log.get(next);
    if (message?.senderId === chat.userId && message.type !== "recalled") return message;
  }
  return undefined;
}
