import type { Conversation } from "@hutong/chat-api";
import type { JSX } from "preact";

import { HOME } from "../../page/address.ts";
import { Icon } from "../../../views/icons.tsx";
import { conversationTitle } from "../../page/names.ts";
import { ConversationFace } from "../conversation-face.tsx";
import { EditableText, Part, Toggle } from "../form-parts.tsx";
import type { EntryProps } from "../props.ts";
import { SidePanel } from "../side-panel.tsx";
import { GroupSettings } from "./group-settings.tsx";
import { InvitePart } from "./invite-part.tsx";
import { JoinRequests } from "./join-requests.tsx";
import { MemberPart } from "./member-part.tsx";

/** What a conversation is, who is in it, and what the user may change. */
export function DetailsPanel(props: EntryProps): JSX.Element {
  const { page, chat, entry } = props;
  const words = page.words.value;
  const view = entry.view.value;
  const title = conversationTitle(chat, view, words);
  const isGroup = view.type === "group" && view.maxSeq === null && view.state === "active";
  const isAdmin = isGroup && view.role !== "member";
  return (
    <SidePanel page={page} title={words.details}>
      <div class="side-head">
        <ConversationFace page={page} chat={chat} view={view} size="large" />
        <p class="side-title">{title}</p>
        {view.peerId !== null && (
          <button
            type="button"
            class="text-button"
            onClick={() => page.place.goTo({ ...HOME, tab: "contacts", page: `user:${view.peerId}` })}
          >
            {words.showProfile}
          </button>
        )}
        {view.notice !== "" && <p class="side-notice">{view.notice}</p>}
      </div>
      <Own {...props} />
      {isAdmin && <JoinRequests {...props} />}
      {view.type !== "direct" && view.maxSeq === null && <MemberPart {...props} />}
      {isGroup && view.joinMode !== "closed" && <InvitePart {...props} />}
      {isAdmin && <GroupSettings {...props} />}
      <Ends {...props} view={view} />
    </SidePanel>
  );
}

/** What only the user sees of it. */
function Own({ page, chat, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const view = entry.view.value;
  const update = (change: { pinned?: boolean; notify?: boolean; alias?: string }): Promise<boolean> =>
    page.attempt(async () => {
      const { conversation } = await chat.call("update_membership", { conversationId: entry.id, ...change });
      chat.book.putConversation(conversation);
    });
  return (
    <Part title={words.forMe}>
      <Toggle label={words.pin} isOn={view.pinnedAt > 0} onChange={(pinned) => void update({ pinned })} />
      <Toggle label={words.mute} isOn={!view.notify} onChange={(isMuted) => void update({ notify: !isMuted })} />
      {view.type === "group" && (
        <EditableText
          label={words.alias}
          value={view.alias}
          maxLength={30}
          placeholder={chat.me.value.nickname}
          save={words.save}
          onSave={(alias) => update({ alias })}
        />
      )}
    </Part>
  );
}

/** What ends something; each asks first. */
function Ends({ page, chat, entry, view }: EntryProps & { readonly view: Conversation }): JSX.Element {
  const words = page.words.value;
  const isMember = view.maxSeq === null && view.state === "active";
  const isOwner = view.role === "owner";
  const ask = async (question: { title: string; text: string; yes: string }, act: () => Promise<unknown>) => {
    if (!(await page.notices.ask({ ...question, isGrave: true }))) return false;
    return page.attempt(act);
  };
  const clear = (): Promise<boolean> =>
    ask({ title: words.clearHistory, text: words.clearText, yes: words.clear }, async () => {
      const { conversation } = await chat.call("clear_history", { conversationId: entry.id });
      chat.book.putConversation(conversation);
    });
  const leave = async (): Promise<void> => {
    const question = { title: words.leave, text: words.leaveText, yes: words.leave };
    if (await ask(question, () => chat.call("leave_group", { conversationId: entry.id }))) page.place.goTo(HOME);
  };
  const dismiss = (): Promise<boolean> =>
    ask({ title: words.dismiss, text: words.dismissText, yes: words.dismiss }, () =>
      chat.call("dismiss_group", { conversationId: entry.id }),
    );
  return (
    <div class="ends">
      <button type="button" class="button quiet grave" onClick={() => void clear()}>
        <Icon name="trash" />
        {words.clearHistory}
      </button>
      {isMember && view.type !== "direct" && !isOwner && (
        <button type="button" class="button quiet grave" onClick={() => void leave()}>
          <Icon name="door" />
          {words.leave}
        </button>
      )}
      {isMember && view.type === "group" && isOwner && (
        <button type="button" class="button quiet grave" onClick={() => void dismiss()}>
          <Icon name="door" />
          {words.dismiss}
        </button>
      )}
    </div>
  );
}
