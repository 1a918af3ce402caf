import type { FriendRequest } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Segments } from "../../../views/segments.tsx";
import { InnerPage } from "../inner-page.tsx";
import { PersonLine } from "../person-line.tsx";
import type { ChatProps } from "../props.ts";

/** Friend requests to the user and from the user. */
export function Requests({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const [direction, setDirection] = useState<"incoming" | "outgoing">("incoming");
  const requests = chat.contacts[direction].value;
  return (
    <InnerPage page={page} title={words.requests}>
      <Segments
        label={words.requests}
        segments={[
          { value: "incoming", label: words.incoming },
          { value: "outgoing", label: words.outgoing },
        ]}
        value={direction}
        onChange={setDirection}
      />
      <ul class="people requests">
        {requests.map((request) => (
          <PersonLine
            key={request.id}
            page={page}
            chat={chat}
            user={direction === "incoming" ? request.from : request.to}
            note={request.message}
          >
            {direction === "incoming" && request.state === "pending" ? (
              <Answers page={page} chat={chat} request={request} />
            ) : (
              <span class="tag">{words.requestStates[request.state]}</span>
            )}
          </PersonLine>
        ))}
      </ul>
      {requests.length === 0 && <p class="pane-hint">{words.noRequests}</p>}
    </InnerPage>
  );
}

function Answers({ page, chat, request }: ChatProps & { readonly request: FriendRequest }): JSX.Element {
  const words = page.words.value;
  const answer = (given: "accept" | "refuse" | "ignore"): void =>
    void page.attempt(async () => {
      const done = await chat.call("answer_friend_request", { requestId: request.id, answer: given });
      chat.contacts.putRequest(done.request, "incoming");
    });
  return (
    <span class="answers">
      <button type="button" class="button small" onClick={() => answer("accept")}>
        {words.accept}
      </button>
      <button type="button" class="text-button" onClick={() => answer("refuse")}>
        {words.refuse}
      </button>
      <button type="button" class="text-button" onClick={() => answer("ignore")}>
        {words.ignore}
      </button>
    </span>
  );
}
