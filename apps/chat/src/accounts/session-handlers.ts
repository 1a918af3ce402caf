import { ChatError } from "../api/chat-error.ts";
import type { Handlers } from "../api/handlers.ts";
import type { AccountParts } from "./account-parts.ts";
import { endSessions } from "./end-sessions.ts";
import { lockUser } from "./lock-user.ts";
import { passwordHashOf, setPassword } from "./password-accounts.ts";

type SessionAction = "sign_out" | "list_devices" | "end_session" | "create_ticket" | "change_password";

/** What a caller does with its own sessions and its password. */
export function sessionHandlers(parts: AccountParts): Handlers<SessionAction> {
  const { database, clock, passwords, rates, sessions, tickets, watch } = parts;
  return {
    sign_out: async (_input, { caller: { userId, sessionId } }) => {
      const which = { kind: "one", sessionId } as const;
      await database.write((transaction) =>
        endSessions(transaction, { userId, which, reason: "signed_out", at: clock.now() }),
      );
      watch.lookSoon();
      return {};
    },
    list_devices: async (_input, { caller }) => ({ devices: await sessions.list(caller) }),
    end_session: async ({ sessionId }, { caller: { userId } }) => {
      const which = { kind: "one", sessionId } as const;
      const count = await database.write((transaction) =>
        endSessions(transaction, { userId, which, reason: "session_ended", at: clock.now() }),
      );
      if (count === 0) throw new ChatError("not_found");
      watch.lookSoon();
      return {};
    },
    create_ticket: async (_input, { caller: { sessionId }, remoteAddress }) => {
      rates.take("ticket", { remoteAddress, account: sessionId });
      return { ticket: await tickets.create(sessionId), expiresInMs: tickets.lifeMs };
    },
    change_password: async ({ oldPassword, newPassword }, { caller: { userId, sessionId }, remoteAddress }) => {
      rates.take("sign_in", { remoteAddress, account: userId });
      const oldHash = await passwordHashOf(database.read, userId);
      if (oldHash === undefined) throw new ChatError("conflict", { message: "The account has no password" });
      if (!(await passwords.matches(oldPassword, oldHash))) throw new ChatError("wrong_credentials");
      const hash = await passwords.hash(newPassword);
      await database.write(async (transaction) => {
        await lockUser(transaction, userId);
        // Two changes at once: only the first one's old password is still the password.
        if ((await passwordHashOf(transaction, userId)) !== oldHash) throw new ChatError("wrong_credentials");
        const at = clock.now();
        await setPassword(transaction, { userId, hash, at });
        await endSessions(transaction, { userId, which: { kind: "others", sessionId }, reason: "session_ended", at });
      });
      watch.lookSoon();
      return {};
    },
  };
}
