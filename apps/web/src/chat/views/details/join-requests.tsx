import type { JoinRequest } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Part } from "../form-parts.tsx";
import { PersonLine } from "../person-line.tsx";
import type { EntryProps } from "../props.ts";

/** Who waits to get into the group. Absent while nobody does. */
export function JoinRequests({ page, chat, entry }: EntryProps): JSX.Element | null {
  const words = page.words.value;
  const [requests, setRequests] = useState<readonly JoinRequest[]>([]);
  const news = chat.contacts.joinRequests.value;
  const load = (): void => {
    chat.call("list_join_requests", { conversationId: entry.id }).then(
      (answer) => setRequests(answer.requests),
      // It loads again with the next request.
      () => undefined,
    );
  };
  useEffect(load, [entry, news]);
  const answer = (requestId: string, given: "accept" | "refuse"): void =>
    void page
      .attempt(() => chat.call("answer_join_request", { conversationId: entry.id, requestId, answer: given }))
      .then(() => {
        chat.contacts.joinRequests.value = chat.contacts.joinRequests.peek().filter(({ id }) => id !== requestId);
        load();
      });
  if (requests.length === 0) return null;
  return (
    <Part title={words.joinRequests}>
      <ul class="people">
        {requests.map((request) => (
          <PersonLine key={request.id} page={page} chat={chat} user={request.user} note={request.message}>
            <button type="button" class="button small" onClick={() => answer(request.id, "accept")}>
              {words.accept}
            </button>
            <button type="button" class="text-button" onClick={() => answer(request.id, "refuse")}>
              {words.refuse}
            </button>
          </PersonLine>
        ))}
      </ul>
    </Part>
  );
}
