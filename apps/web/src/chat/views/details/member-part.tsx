import type { Member } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { Icon } from "../../../views/icons.tsx";
import { lazyView } from "../lazy-view.tsx";
import { Menu } from "../menu.tsx";
import { PersonLine } from "../person-line.tsx";
import type { EntryProps } from "../props.ts";
import { memberActions } from "./member-actions.ts";

const PickFriends = lazyView(() => import("../contacts/pick-friends.tsx").then((module) => module.PickFriends));

/** The members of a group or room. */
export function MemberPart({ page, chat, entry }: EntryProps): JSX.Element {
  const words = page.words.value;
  const view = entry.view.value;
  const [members, setMembers] = useState<readonly Member[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [isAdding, setAdding] = useState(false);
  const load = async (after: string | null): Promise<void> => {
    const answer = await chat.call("list_members", {
      conversationId: entry.id,
      ...(after !== null && { after }),
      limit: 100,
    });
    chat.book.putUsers(answer.members.map(({ user }) => user));
    setMembers((before) => (after === null ? answer.members : [...before, ...answer.members]));
    setNext(answer.next);
  };
  useEffect(() => {
    // Without the list the panel still shows the rest.
    load(null).catch(() => undefined);
  }, [entry, view.metaSeq]);
  const add = (userIds: readonly string[]): Promise<boolean> =>
    page.attempt(async () => {
      const answer = await chat.call("add_members", { conversationId: entry.id, userIds: [...userIds] });
      page.notices.say(words.addedMembers(answer));
      await load(null);
    });
  return (
    <section class="part" aria-label={words.members}>
      <h2 class="part-title">
        {words.members} <span class="count">{view.memberCount}</span>
      </h2>
      {view.type === "group" && view.state === "active" && (view.joinMode !== "closed" || view.role !== "member") && (
        <button type="button" class="person-button add-line" onClick={() => setAdding(true)}>
          <span class="face face-add">
            <Icon name="plus" />
          </span>
          {words.addMembers}
        </button>
      )}
      <ul class="people" style={members.length === 0 ? { minBlockSize: `${toHeight(view.memberCount)}px` } : {}}>
        {members.map((member) => (
          <MemberLine
            key={member.user.id}
            page={page}
            chat={chat}
            entry={entry}
            member={member}
            onChange={() => load(null)}
          />
        ))}
      </ul>
      {next !== null && (
        <button type="button" class="button quiet" onClick={() => void page.attempt(() => load(next))}>
          {words.loadMore}
        </button>
      )}
      {isAdding && (
        <PickFriends
          page={page}
          chat={chat}
          title={words.addMembers}
          button={words.add}
          without={new Set(members.map(({ user }) => user.id))}
          onPick={add}
          onClose={() => setAdding(false)}
        />
      )}
    </section>
  );
}

/** The place of members who are being loaded, in pixels, so that what stands below them stays. */
function toHeight(memberCount: number): number {
  return 52 * Math.min(memberCount, 12);
}

interface MemberLineProps extends EntryProps {
  readonly member: Member;
  readonly onChange: () => Promise<void>;
}

function MemberLine({ page, chat, entry, member, onChange }: MemberLineProps): JSX.Element {
  const words = page.words.value;
  const [at, setAt] = useState<DOMPoint | undefined>(undefined);
  const items = memberActions({ page, chat, entry }, member, onChange);
  const isMuted = member.mutedUntil > chat.engine.now();
  return (
    <PersonLine page={page} chat={chat} user={member.user} note={member.alias}>
      {isMuted && <span class="tag">{words.silenced}</span>}
      {member.role !== "member" && (
        <span class="tag" data-role={member.role}>
          {words.roles[member.role]}
        </span>
      )}
      {items.length > 0 && (
        <button
          type="button"
          class="icon-button"
          aria-label={`${words.more}: ${member.user.nickname}`}
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setAt(new DOMPoint(box.right, box.bottom));
          }}
        >
          <Icon name="more" />
        </button>
      )}
      {at !== undefined && <Menu at={at} label={member.user.nickname} items={items} onClose={() => setAt(undefined)} />}
    </PersonLine>
  );
}
