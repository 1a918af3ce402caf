import type { ActionOutput } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Field } from "../form-parts.tsx";
import type { ChatProps } from "../props.ts";

/** Asks somebody to be a friend, as far as that person lets people ask. */
export function AskFriend({
  page,
  chat,
  profile,
}: ChatProps & { readonly profile: ActionOutput<"get_user"> }): JSX.Element {
  const words = page.words.value;
  const { user, addMe } = profile;
  const [message, setMessage] = useState("");
  const isPending = chat.contacts.outgoing.value.some(({ to, state }) => to.id === user.id && state === "pending");
  const incoming = chat.contacts.incoming.value.find(({ from, state }) => from.id === user.id && state === "pending");
  if (addMe === "nobody" && incoming === undefined) return <p class="hint">{words.asksNobody}</p>;
  if (isPending) return <p class="hint">{words.asked}</p>;
  const ask = async (event: Event): Promise<void> => {
    event.preventDefault();
    await page.attempt(async () => {
      const { request } = await chat.call("request_friend", { userId: user.id, message: message.trim() });
      chat.contacts.putRequest(request, "outgoing");
      page.notices.say(request.state === "accepted" ? words.friendsNow : words.asked);
    });
  };
  return (
    <form class="stack" onSubmit={(event) => void ask(event)}>
      {addMe === "approval" && incoming === undefined && (
        <Field
          label={words.greeting}
          value={message}
          onInput={setMessage}
          input={{ maxLength: 100, placeholder: words.greetingPlaceholder(chat.me.value.nickname) }}
        />
      )}
      <button type="submit" class="button">
        {incoming === undefined ? words.addFriend : words.acceptRequest}
      </button>
    </form>
  );
}
