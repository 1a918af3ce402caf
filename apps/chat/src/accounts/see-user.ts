import type { ActionOutput, Presence } from "@hutong/chat-api";
import type { Database } from "@hutong/database";
import { ChatError } from "../api/chat-error.ts";
import type { OnlineUsers } from "../presence/online-users.ts";
import { relationTo } from "../presence/visibility.ts";
import type { Tables } from "../storage/tables.ts";
import { EMPTY_DETAILS, readDetails, readSettings } from "./account-views.ts";
import { toUser } from "./profiles.ts";

/** What {@link seeUser} needs. */
export interface SeeUserParts {
  readonly database: Database<Tables>;
  readonly onlineUsers: OnlineUsers;
}

/**
 * Somebody's profile, as far as the viewer may see it: details are hidden by a block and by the visibility flags of a
 * friendship, presence is for friends.
 *
 * @throws {ChatError} `not_found`.
 */
export async function seeUser(
  { database, onlineUsers }: SeeUserParts,
  { viewerId, userId }: { readonly viewerId: string; readonly userId: string },
): Promise<ActionOutput<"get_user">> {
  const row = await database.read.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirst();
  if (row === undefined || row.status === "deleted") throw new ChatError("not_found");
  const relation = await relationTo(database.read, { viewerId, userId });
  const { addMe, showPresence } = readSettings(row);
  const isSelf = viewerId === userId;
  const showsPresence = isSelf || (relation.isFriend && !relation.isHidden && showPresence);
  const unknown: Presence = { userId, online: false, lastSeenAt: null };
  return {
    user: toUser(row),
    details: relation.isHidden ? EMPTY_DETAILS : readDetails(row),
    presence: showsPresence ? onlineUsers.presence(userId, row.last_seen_at) : unknown,
    isFriend: relation.isFriend,
    isBlocked: relation.isBlocked,
    remark: relation.remark,
    addMe,
  };
}
