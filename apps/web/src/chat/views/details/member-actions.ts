import type { Member, Role } from "@hutong/chat-api";

import type { MenuItem } from "../menu.tsx";
import type { EntryProps } from "../props.ts";

const RANK: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 };
const HOUR_MS = 3_600_000;

/** What the user may do with a member of a group. */
export function memberActions(
  { page, chat, entry }: EntryProps,
  { user, role, mutedUntil }: Member,
  changed: () => Promise<void>,
): readonly MenuItem[] {
  const words = page.words.peek();
  const { role: own, type } = entry.view.peek();
  if (type !== "group" || user.id === chat.userId || RANK[own] <= RANK[role]) return [];
  const place = { conversationId: entry.id, userId: user.id };
  const act = (run: () => Promise<unknown>) => (): void =>
    void page.attempt(async () => {
      await run();
      await changed();
    });
  const mute = (forMs: number) => act(() => chat.call("mute_member", { ...place, forMs }));
  const remove = async (): Promise<void> => {
    const question = { title: words.removeMember, text: words.removeText(user.nickname), yes: words.remove };
    if (await page.notices.ask({ ...question, isGrave: true })) act(() => chat.call("remove_member", place))();
  };
  const transfer = async (): Promise<void> => {
    const question = { title: words.transfer, text: words.transferText(user.nickname), yes: words.transfer };
    if (await page.notices.ask({ ...question, isGrave: true })) act(() => chat.call("transfer_group", place))();
  };
  const isMuted = mutedUntil > chat.engine.now();
  const items: MenuItem[] = [
    isMuted
      ? { label: words.unsilence, icon: "bell", run: mute(0) }
      : { label: words.silenceHour, icon: "mute", run: mute(HOUR_MS) },
    ...(isMuted ? [] : [{ label: words.silenceDay, icon: "mute", run: mute(24 * HOUR_MS) } as const]),
  ];
  if (own === "owner")
    items.push(
      role === "admin"
        ? {
            label: words.unmakeAdmin,
            icon: "shield",
            run: act(() => chat.call("set_role", { ...place, role: "member" })),
          }
        : {
            label: words.makeAdmin,
            icon: "shield",
            run: act(() => chat.call("set_role", { ...place, role: "admin" })),
          },
      { label: words.transfer, icon: "star", isGrave: true, run: () => void transfer() },
    );
  items.push({ label: words.removeMember, icon: "trash", isGrave: true, run: () => void remove() });
  return items;
}
