import type { Invite } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Part } from "../form-parts.tsx";
import type { EntryProps } from "../props.ts";
import { ShareLink } from "../share-link.tsx";

/** A link into the group. */
export function InvitePart({ page, chat, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const [invite, setInvite] = useState<Invite | undefined>(undefined);
  const create = (): Promise<boolean> =>
    page.attempt(async () => {
      setInvite((await chat.call("create_invite", { conversationId: entry.id })).invite);
    });
  const revoke = async (): Promise<void> => {
    const question = { title: words.revokeInvites, text: words.revokeText, yes: words.revoke, isGrave: true };
    if (!(await page.notices.ask(question))) return;
    const isDone = await page.attempt(() => chat.call("revoke_invites", { conversationId: entry.id }));
    if (!isDone) return;
    setInvite(undefined);
    page.notices.say(words.invitesRevoked);
  };
  return (
    <Part title={words.invite}>
      {invite === undefined ? (
        <button type="button" class="button" onClick={() => void create()}>
          {words.createInvite}
        </button>
      ) : (
        <>
          <ShareLink page={page} path={invite.path} qr={invite.qr} label={words.invite} />
          <p class="hint">{words.validUntil(page.formatters.value.moment(invite.expiresAt))}</p>
        </>
      )}
      {entry.view.value.role !== "member" && (
        <button type="button" class="text-button" onClick={() => void revoke()}>
          {words.revokeInvites}
        </button>
      )}
    </Part>
  );
}
