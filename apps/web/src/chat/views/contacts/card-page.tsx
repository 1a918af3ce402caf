import type { ActionOutput } from "@hutong/chat-api";
import { codeOf } from "@hutong/chat-client";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import { errorText } from "../../page/chat-page.ts";
import { shortMoment } from "../../page/short-moment.ts";
import { Face } from "../face.tsx";
import { EditableText, Part, Toggle } from "../form-parts.tsx";
import { InnerPage } from "../inner-page.tsx";
import { openDirect } from "../open-direct.ts";
import type { ChatProps } from "../props.ts";
import { AskFriend } from "./ask-friend.tsx";

/** Props of {@link CardPage}. */
export interface CardPageProps extends ChatProps {
  readonly userId: string;
}

type Profile = ActionOutput<"get_user">;

/** A person: who it is, and what the user can do together with them. */
export function CardPage({ page, chat, userId }: CardPageProps): JSX.Element {
  const words = page.words.value;
  const [profile, setProfile] = useState<Profile | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const friend = chat.contacts.friends.value.get(userId);
  const load = (): void => {
    chat.call("get_user", { userId }).then(
      (answer) => {
        chat.book.putUsers([answer.user]);
        chat.book.putPresences([answer.presence]);
        setProfile(answer);
      },
      (error: unknown) => setTrouble(codeOf(error)),
    );
  };
  useEffect(load, [userId, friend === undefined]);
  if (profile === undefined)
    return (
      <InnerPage page={page} title={words.profile}>
        {trouble !== undefined && <p class="pane-hint">{errorText(words, trouble)}</p>}
      </InnerPage>
    );
  const { user } = profile;
  const isSelf = user.id === chat.userId;
  const name = friend === undefined || friend.remark === "" ? user.nickname : friend.remark;
  return (
    <InnerPage page={page} title={words.profile}>
      <div class="profile">
        <Face name={name} picture={user.avatar} size="large" isOnline={profile.presence.online ? true : undefined} />
        <div>
          <p class="profile-name">{name}</p>
          <p class="hint">{aboutOf({ page, chat, profile })}</p>
        </div>
      </div>
      <Details page={page} profile={profile} />
      {!isSelf && (
        <div class="profile-ways">
          <button type="button" class="button primary" onClick={() => void openDirect({ page, chat }, userId)}>
            <Icon name="chats" />
            {words.writeTo}
          </button>
        </div>
      )}
      {!isSelf && friend === undefined && user.kind === "user" && chat.me.value.kind !== "visitor" && (
        <AskFriend page={page} chat={chat} profile={profile} />
      )}
      {friend !== undefined && <FriendPart page={page} chat={chat} userId={userId} />}
      {!isSelf && chat.me.value.kind !== "visitor" && (
        <Ends page={page} chat={chat} profile={profile} isFriend={friend !== undefined} onChange={load} />
      )}
    </InnerPage>
  );
}

function aboutOf({ page, profile }: ChatProps & { readonly profile: Profile }): string {
  const words = page.words.value;
  const { user, presence } = profile;
  const parts = [user.kind === "visitor" ? words.visitor : user.username === null ? "" : `@${user.username}`];
  if (presence.online) parts.push(words.online);
  else if (presence.lastSeenAt !== null)
    parts.push(words.lastSeen(shortMoment(presence.lastSeenAt, page.clock.now(), page.formatters.value)));
  return parts.filter((part) => part !== "").join(" · ");
}

function Details({ page, profile }: Pick<ChatProps, "page"> & { readonly profile: Profile }): JSX.Element | null {
  const words = page.words.value;
  const { bio, location, website, gender, birthday } = profile.details;
  const rows: readonly (readonly [string, string])[] = [
    [words.bio, bio],
    [words.location, location],
    [words.gender, gender === "" ? "" : words.genders[gender]],
    [words.birthday, birthday],
    [words.website, website],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  if (shown.length === 0) return null;
  return (
    <dl class="facts">
      {shown.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value === website ? (
              <a href={website} target="_blank" rel="noopener noreferrer">
                {value}
              </a>
            ) : (
              value
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What the user decides about a friend. */
function FriendPart({ page, chat, userId }: CardPageProps): JSX.Element | null {
  const words = page.words.value;
  const friend = chat.contacts.friends.value.get(userId);
  if (friend === undefined) return null;
  const update = (change: { remark?: string; starred?: boolean; hideMine?: boolean; hideTheirs?: boolean }) =>
    page.attempt(async () => chat.contacts.putFriend((await chat.call("update_friend", { userId, ...change })).friend));
  return (
    <Part title={words.friendSettings}>
      <EditableText
        label={words.remark}
        value={friend.remark}
        maxLength={30}
        placeholder={friend.user.nickname}
        save={words.save}
        onSave={(remark) => update({ remark })}
      />
      <Toggle label={words.star} isOn={friend.starred} onChange={(starred) => void update({ starred })} />
      <Toggle label={words.hideMine} isOn={friend.hideMine} onChange={(hideMine) => void update({ hideMine })} />
      <Toggle
        label={words.hideTheirs}
        isOn={friend.hideTheirs}
        onChange={(hideTheirs) => void update({ hideTheirs })}
      />
    </Part>
  );
}

interface EndsProps extends ChatProps {
  readonly profile: Profile;
  readonly isFriend: boolean;
  readonly onChange: () => void;
}

function Ends({ page, chat, profile, isFriend, onChange }: EndsProps): JSX.Element {
  const words = page.words.value;
  const { user, isBlocked } = profile;
  const block = async (): Promise<void> => {
    const question = { title: words.block, text: words.blockText(user.nickname), yes: words.block, isGrave: true };
    if (!isBlocked && !(await page.notices.ask(question))) return;
    await page.attempt(async () => {
      await chat.call(isBlocked ? "unblock_user" : "block_user", { userId: user.id });
      chat.contacts.putBlocked(user, !isBlocked);
      onChange();
    });
  };
  const remove = async (): Promise<void> => {
    const question = { title: words.removeFriend, text: words.removeFriendText, yes: words.remove, isGrave: true };
    if (!(await page.notices.ask(question))) return;
    await page.attempt(async () => {
      await chat.call("remove_friend", { userId: user.id });
      chat.contacts.apply({ kind: "friend_removed", userId: user.id });
    });
  };
  return (
    <div class="ends">
      <button type="button" class="button quiet grave" onClick={() => void block()}>
        {isBlocked ? words.unblock : words.block}
      </button>
      {isFriend && (
        <button type="button" class="button quiet grave" onClick={() => void remove()}>
          {words.removeFriend}
        </button>
      )}
    </div>
  );
}
