import { effect, signal } from "@preact/signals";

import type { Page } from "./page.ts";

/** The document's title: the unread count, the room, the product. */
export function toTitle(unreadCount: number, roomTitle: string): string {
  return `${unreadCount > 0 ? `(${unreadCount}) ` : ""}${roomTitle} · Hutong 胡同`;
}

/** Counts what arrives while the page is hidden, in the document's title. Lives as long as the page. */
export function showUnreadInTitle({ room, roomTitle }: Page): void {
  const seenCount = signal(0);
  const markSeen = (): void => {
    if (document.visibilityState === "visible") seenCount.value = room.receivedCount.value;
  };
  document.addEventListener("visibilitychange", markSeen);
  effect(markSeen);
  effect(() => {
    document.title = toTitle(Math.max(0, room.receivedCount.value - seenCount.value), roomTitle.value);
  });
}
