import type { JSX } from "preact";

import type { Member } from "../clients/room-client.ts";
import type { PageProps } from "./page-props.ts";
import { Avatar, ClientBadge } from "./avatar.tsx";

/** Who is in the room, the person first, the others in the order of their coming. */
export function MemberList({ page }: PageProps): JSX.Element {
  const words = page.words.value;
  const members = page.room.members.value;
  const ordered = [...members.filter((member) => member.isSelf), ...members.filter((member) => !member.isSelf)];
  return (
    <section class="panel-part members" aria-labelledby="members-title">
      <h2 id="members-title">
        {words.members} <span class="count">{members.length}</span>
      </h2>
      {ordered.length === 0 && <p class="hint">{words.nobody}</p>}
      <ul aria-labelledby="members-title">
        {ordered.map((member) => (
          <MemberItem key={member.key} member={member} you={words.you} />
        ))}
      </ul>
    </section>
  );
}

function MemberItem({ member, you }: { readonly member: Member; readonly you: string }): JSX.Element {
  return (
    <li class="member">
      <Avatar name={member.nickname} />
      <span class="member-name" title={member.nickname}>
        {member.nickname}
      </span>
      {member.isSelf && <span class="member-you">{you}</span>}
      {member.client !== undefined && <ClientBadge client={member.client} />}
    </li>
  );
}
