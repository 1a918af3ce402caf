import type { ActionInput, JoinMode } from "@hutong/chat-api";
import type { JSX } from "preact";

import { Choice, EditableText, Part, Toggle } from "../form-parts.tsx";
import { PictureField } from "../picture-field.tsx";
import { ConversationFace } from "../conversation-face.tsx";
import type { EntryProps } from "../props.ts";

const SLOW_MODES = ["0", "5000", "10000", "30000", "60000", "120000"] as const;

/** What admins decide about a group. */
export function GroupSettings({ page, chat, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const view = entry.view.value;
  const update = (change: Omit<ActionInput<"update_group">, "conversationId">): Promise<boolean> =>
    page.attempt(async () => {
      const { conversation } = await chat.call("update_group", { conversationId: entry.id, ...change });
      chat.book.putConversation(conversation);
    });
  const slow = SLOW_MODES.find((ms) => Number(ms) === view.slowModeMs) ?? "0";
  return (
    <Part title={words.groupSettings}>
      <PictureField page={page} picture={view.avatar} onPick={(avatar) => update({ avatar })}>
        <ConversationFace page={page} chat={chat} view={view} size="large" />
      </PictureField>
      <EditableText
        label={words.groupName}
        value={view.title}
        maxLength={50}
        save={words.save}
        onSave={(title) => update({ title })}
      />
      <EditableText
        label={words.notice}
        value={view.notice}
        maxLength={500}
        isLong={true}
        save={words.save}
        onSave={(notice) => update({ notice })}
      />
      <Choice<JoinMode>
        label={words.joinMode}
        value={view.joinMode}
        choices={[
          ["open", words.joinModes.open],
          ["invite", words.joinModes.invite],
          ["approval", words.joinModes.approval],
          ["closed", words.joinModes.closed],
        ]}
        onChange={(joinMode) => void update({ joinMode })}
      />
      <Choice
        label={words.slowMode}
        value={slow}
        choices={SLOW_MODES.map((ms) => [ms, ms === "0" ? words.off : words.seconds(Number(ms) / 1_000)])}
        onChange={(ms) => void update({ slowModeMs: Number(ms) })}
      />
      <Toggle label={words.muteAll} isOn={view.muteAll} onChange={(muteAll) => void update({ muteAll })} />
      <Toggle
        label={words.historyVisible}
        isOn={view.historyVisible}
        onChange={(historyVisible) => void update({ historyVisible })}
      />
    </Part>
  );
}
