import type { Me, ParsedInput, Settings } from "@hutong/chat-api";
import type { Transaction, Updateable } from "kysely";
import { ChatError } from "../api/chat-error.ts";
import type { Caller, Handlers } from "../api/handlers.ts";
import { appendUserEvent } from "../inbox/user-events.ts";
import type { UserRow } from "../storage/rows.ts";
import type { Tables } from "../storage/tables.ts";
import type { AccountParts } from "./account-parts.ts";
import { readDetails, readSettings, toMe } from "./account-views.ts";
import { lockUser } from "./lock-user.ts";
import { insertPassword, orNameTaken } from "./new-account.ts";
import { requireFreeName } from "./password-accounts.ts";

type ProfileAction = "get_me" | "update_profile" | "update_settings" | "upgrade_visitor";

/** What a change of an account may do besides changing its row. */
type AccountChange = (
  transaction: Transaction<Tables>,
  row: UserRow,
  at: number,
) => Promise<Updateable<Tables["users"]>>;

/** What a caller does with its own account. */
export function profileHandlers(parts: AccountParts): Handlers<ProfileAction> {
  return {
    get_me: async (_input, { caller: { userId } }) =>
      toMe(
        await parts.database.read.selectFrom("users").selectAll().where("id", "=", userId).executeTakeFirstOrThrow(),
      ),
    update_profile: async (input, { caller }) => {
      const { avatar } = input;
      if (typeof avatar === "string" && !(await parts.isOwnAvatar(caller.userId, avatar)))
        throw new ChatError("not_found", { message: "The avatar is none of the caller's profile pictures" });
      return changeAccount(parts, caller, (_transaction, row) => Promise.resolve(profileChange(row, input)));
    },
    update_settings: async (input, { caller }) => {
      let wasShown = false;
      const me = await changeAccount(parts, caller, (_transaction, row) => {
        const before = readSettings(row);
        wasShown = before.showPresence;
        return Promise.resolve({ settings: JSON.stringify(mergeSettings(before, input)) });
      });
      if (wasShown !== me.settings.showPresence) parts.onlineUsers.visibilityChanged(caller.userId);
      return me;
    },
    upgrade_visitor: async ({ username, password, nickname }, { caller, remoteAddress }) => {
      parts.rates.take("register", { remoteAddress, account: caller.userId });
      await requireFreeName(parts.database, username);
      const hash = await parts.passwords.hash(password);
      const change: AccountChange = async (transaction, row, at) => {
        if (row.username !== null) throw new ChatError("conflict", { message: "The account has a user name already" });
        await insertPassword(transaction, { userId: row.id, hash, at });
        const names = { username: username.toLowerCase(), display_username: username };
        return { kind: "user", ...names, nickname: nickname ?? row.nickname };
      };
      return orNameTaken(changeAccount(parts, caller, change));
    },
  };
}

/** Changes the caller's row and tells the caller's devices. */
async function changeAccount(parts: AccountParts, caller: Caller, change: AccountChange): Promise<Me> {
  const { database, clock, inbox, profiles, callers } = parts;
  const { userId, sessionId } = caller;
  const { me, news } = await database.write(async (transaction) => {
    const at = clock.now();
    const row = await lockUser(transaction, userId);
    if (row === undefined) throw new ChatError("unauthorized");
    const changed = await transaction
      .updateTable("users")
      .set(await change(transaction, row, at))
      .where("id", "=", userId)
      .returningAll()
      .executeTakeFirstOrThrow();
    const me = toMe(changed);
    return { me, news: await appendUserEvent(transaction, { userId, event: { kind: "me_changed", me }, at }) };
  });
  profiles.forget(userId);
  callers.forget(sessionId);
  inbox.publish([news]);
  return me;
}

function profileChange(
  row: UserRow,
  { nickname, avatar, details }: ParsedInput<"update_profile">,
): Updateable<Tables["users"]> {
  const given = Object.entries(details ?? {}).filter(([, value]) => value !== undefined);
  return {
    nickname: nickname ?? row.nickname,
    avatar: avatar === undefined ? row.avatar : avatar,
    details: JSON.stringify({ ...readDetails(row), ...Object.fromEntries(given) }),
  };
}

function mergeSettings(before: Settings, input: ParsedInput<"update_settings">): Settings {
  return {
    strangers: input.strangers ?? before.strangers,
    addMe: input.addMe ?? before.addMe,
    showPresence: input.showPresence ?? before.showPresence,
  };
}
