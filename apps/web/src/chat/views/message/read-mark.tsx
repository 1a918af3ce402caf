import type { Message, User } from "@hutong/chat-api";
import { type Delivery, deliveryOf } from "@hutong/chat-client";
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
  const [readers, setReaders] = useState<readonly User[] | undefined>(undefined);
  const delivery = deliveryOf(entry, message.seq, chat.userId);
  if (delivery === undefined) return null;
  const next = nextOwn({ page, chat, entry }, message.seq);
  const nextDelivery = next === undefined ? undefined : deliveryOf(entry, next.seq, chat.userId);
  const readCount = delivery.kind === "read" ? delivery.readerCount : 0;
  const { type, lastSeq } = entry.view.value;
  // One mark says it for all messages above it.
  if (nextDelivery !== undefined && isAsFar(nextDelivery, delivery)) return null;
  if (type === "direct")
    return (
      <p class="delivery" data-read={readCount > 0}>
        <Icon name={delivery.kind === "sent" ? "check" : "checks"} />
        {words[delivery.kind]}
      </p>
    );
  if (readCount === 0 && message.seq !== lastSeq) return null;
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

/** Whether the later one of two messages has come as far as the earlier one; being received is not told twice. */
function isAsFar(later: Delivery, earlier: Delivery): boolean {
  if (later.kind !== "read" || earlier.kind !== "read") return earlier.kind !== "read";
  return later.readerCount >= earlier.readerCount;
}

/** The next own message, if it is near. */
function nextOwn({ chat, entry }: EntryProps, seq: number): Message | undefined {
  for (let next = seq + 1; next <= seq + 20; next += 1) {
    const message = entry.log.get(next);
    if (message?.senderId === chat.userId && message.type !== "recalled") return message;
  }
  return undefined;
}
