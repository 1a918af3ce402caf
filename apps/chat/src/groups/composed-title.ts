import { CHAT_LIMITS } from "@hutong/chat-api";

const SEPARATOR = "、";
const ELLIPSIS = "…";

/** The title of a group that nobody gave one: its members' names, as many as there is room for. */
export function composedTitle(names: readonly string[]): string {
  const title = names.join(SEPARATOR);
  if (title.length <= CHAT_LIMITS.titleLength) return title;
  // By code points, so that no character is cut in two.
  let cut = "";
  for (const character of title) {
    if (cut.length + character.length + ELLIPSIS.length > CHAT_LIMITS.titleLength) break;
    cut += character;
  }
  return cut + ELLIPSIS;
}
