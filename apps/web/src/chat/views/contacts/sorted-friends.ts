import type { Friend } from "@hutong/chat-api";
import type { Chat } from "@hutong/chat-client";

import { type Language, toLanguageTag } from "../../../i18n.ts";

/** What a friend is called here. */
export function friendName({ remark, user }: Friend): string {
  return remark === "" ? user.nickname : remark;
}

/** The friends whose name or user name holds the words: starred ones first, then by name. Chinese names sort by sound. */
export function sortedFriends(chat: Chat, language: Language, query = ""): readonly Friend[] {
  const collator = new Intl.Collator(toLanguageTag(language));
  const wanted = query.trim().toLocaleLowerCase();
  return [...chat.contacts.friends.value.values()]
    .filter(({ remark, user }) =>
      [remark, user.nickname, user.username ?? ""].some((name) => name.toLocaleLowerCase().includes(wanted)),
    )
    .sort(
      (left, right) =>
        Number(right.starred) - Number(left.starred) || collator.compare(friendName(left), friendName(right)),
    );
}
