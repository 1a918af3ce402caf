import type { Friend, FriendRequest, User } from "@hutong/chat-api";
import { ChatError } from "../api/chat-error.ts";
import type { FriendRequestRow, FriendshipRow } from "../storage/rows.ts";
import { FRIEND_LIMITS } from "./friend-limits.ts";

/** Profiles by id. */
export type UsersById = ReadonlyMap<string, User>;

/** Puts profiles where they are found by id. */
export function byId(users: readonly User[]): UsersById {
  return new Map(users.map((user) => [user.id, user]));
}

/** A friend as the owner of the row sees it. */
export function friendView(row: FriendshipRow, users: UsersById): Friend {
  return {
    user: userOf(users, row.friend_id),
    remark: row.remark,
    starred: row.starred === 1,
    hideMine: row.hide_mine === 1,
    hideTheirs: row.hide_theirs === 1,
    createdAt: row.created_at,
  };
}

/** From where a request is looked at, and when. */
export interface RequestViewer {
  readonly viewerId: string;
  readonly users: UsersById;
  readonly at: number;
}

/** A request as one of the two sees it: that it is ignored is not shown to the one who asks. */
export function friendRequestView(row: FriendRequestRow, { viewerId, users, at }: RequestViewer): FriendRequest {
  const isHidden = row.state === "ignored" && viewerId === row.from_id;
  const state = isHidden ? "pending" : row.state;
  const isExpired = state === "pending" && !isWithinLife(row, at);
  const handledAt = isHidden ? 0 : row.handled_at;
  return {
    id: row.id,
    from: userOf(users, row.from_id),
    to: userOf(users, row.to_id),
    message: row.message,
    state: isExpired ? "expired" : state,
    createdAt: row.created_at,
    handledAt: isExpired ? row.created_at + FRIEND_LIMITS.requestLifeMs : handledAt,
  };
}

/** Whether a request can still be accepted. One that was ignored can: its sender believes it pending. */
export function isOpen(row: FriendRequestRow, at: number): boolean {
  return (row.state === "pending" || row.state === "ignored") && isWithinLife(row, at);
}

function isWithinLife(row: FriendRequestRow, at: number): boolean {
  return at < row.created_at + FRIEND_LIMITS.requestLifeMs;
}

function userOf(users: UsersById, id: string): User {
  const user = users.get(id);
  if (user === undefined) throw new ChatError("not_found");
  return user;
}
