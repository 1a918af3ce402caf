import type { Chat } from "@hutong/chat-client";
import { badgeOf } from "../view/chat-items";
import { application } from "./application";

const [CHATS, CONTACTS] = [0, 2];

/** Puts the words of the phone's language on the tab bar, which app.json has in Chinese. */
export function nameTabs(): void {
  application.words.tabs.forEach((text, index) => wx.setTabBarItem({ index, text, fail: () => undefined }));
}

/** Shows on the tab bar what is unread and who asks. Only pages with a tab bar call it. */
export function showBadges({ book, contacts }: Chat): void {
  put(CHATS, book.unread.value);
  put(CONTACTS, contacts.pendingCount.value);
}

function put(index: number, number: number): void {
  // It fails where a page without a tab bar has come on top meanwhile; the next tab page tries again.
  const fail = (): void => undefined;
  if (number === 0) wx.removeTabBarBadge({ index, fail });
  else wx.setTabBarBadge({ index, text: badgeOf(number), fail });
}
