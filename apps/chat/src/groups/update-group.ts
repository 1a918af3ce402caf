import { isDeepStrictEqual } from "node:util";
import type { ParsedInput } from "@hutong/chat-api";
import type { Transaction } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import { isOwnAvatar } from "../files/own-avatar.ts";
import type { News } from "../inbox/news.ts";
import type { ConversationRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import { type GroupCall, lockSeat } from "./group-seat.ts";
import { type GroupNotice, say, tellMembers } from "./tell-members.ts";

/** What admins change of a group; what is not given stays. */
export type GroupChange = Omit<ParsedInput<"update_group">, "conversationId">;

/**
 * Changes the settings of a group. What is given and is so already makes no news.
 *
 * @throws {ChatError} as `lockSeat` for admins; `not_found` for a picture that is not the caller's.
 */
export async function updateGroup(
  transaction: Transaction<Tables>,
  { change, ...call }: GroupCall & { readonly change: GroupChange },
): Promise<News> {
  const { conversationId, callerId, at } = call;
  const { conversation } = await lockSeat(transaction, call, "admin");
  const before = settingsOf(conversation);
  const after = changed(before, change);
  if (isDeepStrictEqual(before, after)) return [];
  const { avatar } = after;
  if (avatar !== null && avatar !== before.avatar && !(await isOwnAvatar(transaction, callerId, avatar)))
    throw new ChatError("not_found");
  await transaction.updateTable("conversations").set(after).where("id", "=", conversationId).execute();
  const said: News = [];
  for (const notice of noticesOf(before, after)) {
    const full = { ...notice, actorId: callerId, userIds: [] };
    said.push(...(await say(transaction, { conversationId, notice: full, at })));
  }
  return [...(await tellMembers(transaction, { conversationId, at })), ...said];
}

type GroupSettings = Pick<
  ConversationRow,
  "title" | "notice" | "avatar" | "join_mode" | "mute_all" | "slow_mode_ms" | "history_visible"
>;

function settingsOf(row: GroupSettings): GroupSettings {
  const { title, notice, avatar, join_mode, mute_all, slow_mode_ms, history_visible } = row;
  return { title, notice, avatar, join_mode, mute_all, slow_mode_ms, history_visible };
}

function changed(before: GroupSettings, change: GroupChange): GroupSettings {
  return {
    title: change.title ?? before.title,
    notice: change.notice ?? before.notice,
    avatar: change.avatar === undefined ? before.avatar : change.avatar,
    join_mode: change.joinMode ?? before.join_mode,
    mute_all: flag(change.muteAll) ?? before.mute_all,
    slow_mode_ms: change.slowModeMs ?? before.slow_mode_ms,
    history_visible: flag(change.historyVisible) ?? before.history_visible,
  };
}

function flag(isOn: boolean | undefined): 0 | 1 | undefined {
  if (isOn === undefined) return undefined;
  return isOn ? 1 : 0;
}

/** What is worth a line in the conversation. */
function noticesOf(before: GroupSettings, after: GroupSettings): Pick<GroupNotice, "kind" | "text">[] {
  const notices: Pick<GroupNotice, "kind" | "text">[] = [];
  if (after.title !== before.title) notices.push({ kind: "group_renamed", text: after.title });
  if (after.notice !== before.notice) notices.push({ kind: "notice_changed", text: after.notice });
  if (after.mute_all !== before.mute_all)
    notices.push({ kind: "mute_all_changed", text: after.mute_all === 1 ? "on" : "off" });
  return notices;
}
