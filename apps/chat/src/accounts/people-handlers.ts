import type { Handlers } from "../api/handlers.ts";
import { visiblePresences } from "../presence/visibility.ts";
import { renderSVG } from "uqr";
import type { AccountParts } from "./account-parts.ts";
import { seeUser } from "./see-user.ts";
import { searchUsers } from "./search-users.ts";

type PeopleAction = "get_my_card" | "search_users" | "get_user" | "get_presences";

/** How callers find one another. */
export function peopleHandlers(parts: AccountParts): Handlers<PeopleAction> {
  const { database, onlineUsers, rates, publicUrl } = parts;
  return {
    get_my_card: (_input, { caller: { userId } }) => {
      const path = `/u/${encodeURIComponent(userId)}`;
      return Promise.resolve({ path, qr: renderSVG(`${publicUrl}${path}`, { border: 2 }) });
    },
    search_users: async ({ query }, { caller: { userId }, remoteAddress }) => {
      rates.take("search", { remoteAddress, account: userId });
      return { users: await searchUsers(database.read, { query, callerId: userId }) };
    },
    get_user: ({ userId }, { caller }) => seeUser(parts, { viewerId: caller.userId, userId }),
    get_presences: async (_input, { caller: { userId } }) => {
      const visible = await visiblePresences(database.read, userId);
      return { presences: visible.map(({ friendId, lastSeenAt }) => onlineUsers.presence(friendId, lastSeenAt)) };
    },
  };
}
