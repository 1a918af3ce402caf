import type { ParsedInput } from "@hutong/chat-api";
import { ChatError } from "../api/chat-error.ts";
import type { Handlers } from "../api/handlers.ts";
import type { AccountParts } from "./account-parts.ts";
import { insertAccount, type NewAccount, orNameTaken } from "./new-account.ts";
import { accountNamed, passwordHashOf, requireFreeName } from "./password-accounts.ts";
import type { DeviceInput, OpenedSession } from "./sessions.ts";
import { openWechatSession, requireNewName, wechatLogin } from "./wechat-accounts.ts";

type SignInAction = "register" | "sign_in" | "visit" | "sign_in_with_wechat" | "refresh_session";

/** The actions that need no session and give one. */
export function signInHandlers(parts: AccountParts): Handlers<SignInAction> {
  const { clock, passwords, rates, sessions, watch } = parts;
  return {
    register: async ({ username, password, nickname, device }, { remoteAddress }) => {
      rates.take("register", { remoteAddress, account: username.toLowerCase() });
      await requireFreeName(parts.database, username);
      const passwordHash = await passwords.hash(password);
      const account = { kind: "password", username, passwordHash, nickname, at: clock.now() } as const;
      return sessions.answer(await orNameTaken(openNew(parts, account, device)));
    },
    sign_in: async (input, { remoteAddress }) => {
      rates.take("sign_in", { remoteAddress, account: input.username.toLowerCase() });
      const opened = await openWithPassword(parts, input);
      watch.lookSoon();
      return sessions.answer(opened);
    },
    visit: async ({ nickname, device }, { remoteAddress }) => {
      rates.take("visit", { remoteAddress, account: device.key });
      return sessions.answer(await openNew(parts, { kind: "visitor", nickname, at: clock.now() }, device));
    },
    sign_in_with_wechat: async ({ code, nickname, device }, { remoteAddress }) => {
      rates.take("sign_in", { remoteAddress });
      const login = await wechatLogin(parts.codeToSession, code);
      if (nickname !== undefined) await requireNewName(parts, login.openid, nickname);
      const opened = await openWechatSession(parts, { login, nickname, device, at: clock.now() });
      watch.lookSoon();
      return sessions.answer(opened);
    },
    refresh_session: async ({ refreshToken }, { remoteAddress }) => {
      rates.take("refresh", { remoteAddress, account: refreshToken.slice(0, refreshToken.indexOf(".")) });
      const refreshed = await sessions.refresh(refreshToken);
      if (refreshed.kind === "refreshed") return sessions.answer(refreshed.session);
      if (refreshed.kind === "reused") watch.lookSoon();
      throw new ChatError(refreshed.kind === "refused" ? refreshed.code : "unauthorized");
    },
  };
}

function openNew(
  { database, sessions }: AccountParts,
  account: NewAccount,
  device: DeviceInput,
): Promise<OpenedSession> {
  return database.write(async (transaction) =>
    sessions.open(transaction, await insertAccount(transaction, account), device),
  );
}

async function openWithPassword(
  { database, passwords, sessions }: AccountParts,
  { username, password, device }: ParsedInput<"sign_in">,
): Promise<OpenedSession> {
  const account = await accountNamed(database.read, username);
  const hash = account === undefined ? undefined : await passwordHashOf(database.read, account.id);
  const isRight = await passwords.matches(password, hash);
  if (!isRight || account === undefined) throw new ChatError("wrong_credentials");
  return database.write(async (transaction) => {
    const opened = await sessions.open(transaction, account.id, device);
    // A change of the password ends all sessions; one that opens just then with the old password must not outlive it.
    if ((await passwordHashOf(transaction, account.id)) !== hash) throw new ChatError("wrong_credentials");
    return opened;
  });
}
