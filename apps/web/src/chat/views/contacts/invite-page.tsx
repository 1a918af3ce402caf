import type { ActionOutput } from "@hutong/chat-api";
import { codeOf } from "@hutong/chat-client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { HOME } from "../../page/address.ts";
import { errorText } from "../../page/chat-page.ts";
import { Face } from "../face.tsx";
import { Field } from "../form-parts.tsx";
import { InnerPage } from "../inner-page.tsx";
import type { ChatProps } from "../props.ts";

/** What an invitation leads to, and the way in. */
export function InvitePage({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const token = page.place.address.value.invite ?? "";
  const [invite, setInvite] = useState<ActionOutput<"get_invite"> | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const [message, setMessage] = useState("");
  const [isWaiting, setWaiting] = useState(false);
  useEffect(() => {
    chat.call("get_invite", { token }).then(setInvite, (error: unknown) => setTrouble(codeOf(error)));
  }, [token]);
  if (invite === undefined)
    return (
      <InnerPage page={page} title={words.invitation}>
        <p class="pane-hint">
          {trouble === undefined
            ? words.loading
            : trouble === "not_found"
              ? words.inviteOver
              : errorText(words, trouble)}
        </p>
      </InnerPage>
    );
  const open = (): void => page.place.goTo({ ...HOME, conversation: invite.conversationId }, "replace");
  const join = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (invite.isMember) return open();
    await page.attempt(async () => {
      const { state } = await chat.call("join_group", { token, message: message.trim() });
      if (state === "joined") open();
      else setWaiting(true);
    });
  };
  const isVisitor = chat.me.value.kind === "visitor";
  return (
    <InnerPage page={page} title={words.invitation}>
      <form class="invitation" onSubmit={(event) => void join(event)}>
        <Face name={invite.title} picture={invite.avatar} shape="square" size="large" />
        <p class="profile-name">{invite.title}</p>
        <p class="hint">{words.memberCount(invite.memberCount)}</p>
        {isWaiting && <p role="status">{words.waitingForApproval}</p>}
        {isVisitor && (
          <>
            <p class="hint">{words.errors.users_only}</p>
            <button
              type="button"
              class="button"
              onClick={() => page.place.goTo({ ...HOME, tab: "settings", page: "upgrade" })}
            >
              {words.upgrade}
            </button>
          </>
        )}
        {!isVisitor && !isWaiting && invite.joinMode === "approval" && !invite.isMember && (
          <Field label={words.greeting} value={message} onInput={setMessage} input={{ maxLength: 100 }} />
        )}
        {!isVisitor && !isWaiting && (
          <button type="submit" class="button primary">
            {invite.isMember ? words.openChat : words.join}
          </button>
        )}
      </form>
    </InnerPage>
  );
}
