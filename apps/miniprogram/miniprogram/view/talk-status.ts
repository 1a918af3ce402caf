import type { ConversationEntry } from "@hutong/chat-client";
import { shortMoment } from "./moments";
import { type Naming, personName } from "./names";

/** Who types in a conversation now, as one line; `""` when nobody does. */
function typingText(naming: Naming, { typing, view }: ConversationEntry): string {
  const typists = typing.value;
  if (typists.size === 0) return "";
  if (view.value.peerId !== null) return naming.words.typing;
  return naming.words.typists([...typists.keys()].map((id) => personName(naming, id)).join(naming.words.comma));
}

/** The line above a conversation: who types, or how many there are, or when the other was last there. */
export function statusText(naming: Naming, entry: ConversationEntry, now: number): string {
  const { words, chat } = naming;
  const typing = typingText(naming, entry);
  if (typing !== "") return typing;
  const { peerId, memberCount } = entry.view.value;
  if (peerId === null) return words.memberCount(memberCount);
  const presence = chat.book.presences.value.get(peerId);
  if (presence?.online === true) return words.online;
  const lastSeenAt = presence?.lastSeenAt ?? null;
  if (lastSeenAt !== null) return words.lastSeen(shortMoment(lastSeenAt, now, words));
  return personName(naming, peerId);
}
