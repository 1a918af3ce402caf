import type { Kysely } from "kysely";
import { readSettings } from "../accounts/account-views.ts";
import type { Tables } from "../storage/tables.ts";

// A friendship is two rows, one for each side. "Mine" is the row of the user who may be seen, "theirs" that of the
// friend who looks. Either side can end the view: I hide from them, they do not care for it, or one has blocked the
// other.

/** How two users stand to each other, in the eyes of one of them. */
export interface Relation {
  readonly isFriend: boolean;
  /** The viewer's name for a friend. */
  readonly remark: string;
  /** Whether the viewer has blocked the user. */
  readonly isBlocked: boolean;
  /** Whether details and presence of the user are not for the viewer, friend or not. */
  readonly isHidden: boolean;
}

/** How a user stands to a viewer. */
export async function relationTo(
  executor: Kysely<Tables>,
  { viewerId, userId }: { readonly viewerId: string; readonly userId: string },
): Promise<Relation> {
  const pair = [viewerId, userId];
  const rows = await executor
    .selectFrom("friendships")
    .selectAll()
    .where("user_id", "in", pair)
    .where("friend_id", "in", pair)
    .execute();
  const blocks = await executor
    .selectFrom("blocks")
    .selectAll()
    .where("user_id", "in", pair)
    .where("blocked_id", "in", pair)
    .execute();
  const theirs = rows.find((row) => row.user_id === viewerId);
  const mine = rows.find((row) => row.user_id === userId);
  return {
    isFriend: theirs !== undefined,
    remark: theirs?.remark ?? "",
    isBlocked: blocks.some((row) => row.user_id === viewerId),
    isHidden: blocks.length > 0 || mine?.hide_mine === 1 || theirs?.hide_theirs === 1,
  };
}

/** The friends who may see whether a user is there, whether or not the user's settings show it. */
export async function presenceAudience(executor: Kysely<Tables>, userId: string): Promise<string[]> {
  const rows = await openFriendships(executor).select("theirs.user_id").where("mine.user_id", "=", userId).execute();
  return rows.map((row) => row.user_id);
}

/** A friend whose presence the viewer may see. */
export interface VisiblePresence {
  readonly friendId: string;
  /** As it is stored. */
  readonly lastSeenAt: number;
}

/** The friends whose presence a viewer may see. */
export async function visiblePresences(executor: Kysely<Tables>, viewerId: string): Promise<VisiblePresence[]> {
  const rows = await openFriendships(executor)
    .innerJoin("users", "users.id", "mine.user_id")
    .select(["users.id", "users.settings", "users.last_seen_at"])
    .where("theirs.user_id", "=", viewerId)
    .execute();
  return rows
    .filter((row) => readSettings(row).showPresence)
    .map(({ id: friendId, last_seen_at: lastSeenAt }) => ({ friendId, lastSeenAt }));
}

/** Friendships that hide nothing. */
function openFriendships(executor: Kysely<Tables>) {
  return executor
    .selectFrom("friendships as mine")
    .innerJoin("friendships as theirs", (join) =>
      join.onRef("theirs.user_id", "=", "mine.friend_id").onRef("theirs.friend_id", "=", "mine.user_id"),
    )
    .where("mine.hide_mine", "=", 0)
    .where("theirs.hide_theirs", "=", 0)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("blocks")
            .select("blocks.user_id")
            .where((either) =>
              either.or([
                either.and([
                  either("blocks.user_id", "=", either.ref("mine.user_id")),
                  either("blocks.blocked_id", "=", either.ref("mine.friend_id")),
                ]),
                either.and([
                  either("blocks.user_id", "=", either.ref("mine.friend_id")),
                  either("blocks.blocked_id", "=", either.ref("mine.user_id")),
                ]),
              ]),
            ),
        ),
      ),
    );
}
