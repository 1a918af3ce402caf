import { personName } from "../page/names.ts";
import { shortMoment } from "../page/short-moment.ts";
import type { EntryProps } from "./props.ts";

/** The line below the name of a conversation: who types, who is there, how many there are. */
export function statusText({ page, chat, entry }: EntryProps): string {
  const words = page.words.value;
  const view = entry.view.value;
  const typists = [...entry.typing.value.keys()];
  if (typists.length > 0) {
    // In a room somebody may type who has never said a word here.
    const known = typists.filter((userId) => chat.book.users.value.has(userId));
    if (view.type === "direct" || known.length === 0) return words.typing;
    return words.typists(known.map((userId) => personName(chat, userId)).join(words.comma));
  }
  if (view.peerId === null) return words.memberCount(view.memberCount);
  const presence = chat.book.presences.value.get(view.peerId);
  if (presence === undefined) return "";
  if (presence.online) return words.online;
  if (presence.lastSeenAt === null) return "";
  return words.lastSeen(shortMoment(presence.lastSeenAt, page.clock.now(), page.formatters.value));
}
