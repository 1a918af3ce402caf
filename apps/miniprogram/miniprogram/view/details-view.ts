import type { Conversation, JoinMode, Member } from "@hutong/chat-api";
import type { Face } from "./face";
import { conversationFace, conversationTitle, type Naming, personFace, personName } from "./names";

/** A member in a list. */
export interface MemberLine {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly face: Face;
}

/** How people get into a group, in the order in which they are offered. */
export const JOIN_MODES: readonly JoinMode[] = ["open", "invite", "approval", "closed"];

/** What the details of a conversation show, beside the members. */
export function detailsView(naming: Naming, view: Conversation) {
  const { words } = naming;
  const { type, role, maxSeq, state, notice, joinMode, muteAll, memberCount, pinnedAt, notify, peerId } = view;
  const isPresent = maxSeq === null && state === "active";
  const isGroup = type === "group";
  return {
    face: conversationFace(naming, view),
    title: conversationTitle(naming, view),
    count: words.memberCount(memberCount),
    peerId: peerId ?? "",
    isGroup,
    isPinned: pinnedAt > 0,
    isMuted: !notify,
    notice,
    muteAll,
    joinMode: words.joinModes[joinMode],
    joinModes: JOIN_MODES.map((mode) => words.joinModes[mode]),
    joinModeIndex: JOIN_MODES.indexOf(joinMode),
    isAdmin: isGroup && isPresent && role !== "member",
    canAdd: isGroup && isPresent,
    canInvite: isGroup && isPresent && joinMode !== "closed",
    canLeave: isPresent && type !== "direct" && role !== "owner",
    canDismiss: isGroup && isPresent && role === "owner",
  };
}

/** The members, as the server has ordered them. */
export function memberLines(naming: Naming, members: readonly Member[]): readonly MemberLine[] {
  return members.map(({ user, alias, role }) => ({
    id: user.id,
    name: alias === "" ? personName(naming, user.id) : alias,
    role: naming.words.roles[role],
    face: personFace(naming, user.id),
  }));
}
