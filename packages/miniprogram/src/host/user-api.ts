import type { ApiArguments, ApiTable } from "./api-table.ts";
import { HostFailure } from "./host-failure.ts";
import { textOf } from "../is-record.ts";
import type { WechatAccount } from "./wechat-accounts.ts";

/** The user as `wx.getUserInfo` sees it. */
function user(account: WechatAccount): object {
  return { ...account.userInfo(), cloudID: "" };
}

/** What the calls about the user need. */
export interface UserApiOptions {
  readonly account: WechatAccount;
  /** Says what a scope is wanted for; empty when the project does not say. */
  readonly reasonFor: (scope: string) => string;
  /** Shows a question on the phone. */
  readonly ask: (api: string, args: ApiArguments) => Promise<object>;
}

/** Login, user data and permissions. */
export function userApi({ account, reasonFor, ask }: UserApiOptions): ApiTable {
  const granted = new Map<string, boolean>([["scope.userInfo", true]]);
  const settings = (): object => ({ authSetting: Object.fromEntries(granted) });
  const authorize = async ({ scope }: ApiArguments): Promise<void> => {
    const name = textOf(scope);
    if (granted.get(name) === false) throw new HostFailure("auth deny");
    if (granted.get(name) === true) return;
    const isAllowed = await ask("askPermission", { scope: name, desc: reasonFor(name) }).then(
      () => true,
      () => false,
    );
    granted.set(name, isAllowed);
    if (!isAllowed) throw new HostFailure("auth deny");
  };
  return {
    login: () => ({ code: account.login() }),
    checkSession: () => {
      if (!account.isSessionValid()) throw new HostFailure("session time out, need relogin");
    },
    getUserInfo: () => user(account),
    getUserProfile: async ({ desc }) => {
      await ask("askPermission", { scope: "scope.userInfo", desc });
      return user(account);
    },
    getSetting: settings,
    openSetting: settings,
    authorize,
    chooseAvatar: (args) => ask("chooseAvatar", args),
    getPhoneNumber: () => {
      throw new HostFailure("not supported");
    },
  };
}
