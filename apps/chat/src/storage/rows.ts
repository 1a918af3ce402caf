import type { Selectable } from "kysely";
import type { Tables } from "./tables.ts";

/** Rows as they are read. */
export type UserRow = Selectable<Tables["users"]>;
export type SessionRow = Selectable<Tables["sessions"]>;
export type ConversationRow = Selectable<Tables["conversations"]>;
export type MemberRow = Selectable<Tables["members"]>;
export type MessageRow = Selectable<Tables["messages"]>;
export type FriendshipRow = Selectable<Tables["friendships"]>;
export type FriendRequestRow = Selectable<Tables["friend_requests"]>;
export type GroupInviteRow = Selectable<Tables["group_invites"]>;
export type JoinRequestRow = Selectable<Tables["join_requests"]>;
export type FileRow = Selectable<Tables["files"]>;
