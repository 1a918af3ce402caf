import type { ApiArguments, ApiTable } from "./api-table.ts";
import { HostFailure } from "./host-failure.ts";
import { textOf } from "../is-record.ts";
import type { WechatAccount } from "./wechat-accounts.ts";

/** The user as `wx.getUserInfo` sees it. */
function user(account: WechatAccount): object {
  return { ...account.userInfo(), cloudID: "" };
}

/** Login, user data and permissions. `ask` shows a question on the phone. */
export function userApi(account: WechatAccount, ask: (api: string, args: ApiArguments) => Promise<object>): ApiTable {
  const granted = new Map<string, boolean>([["scope.userInfo", true]]);
  const settings = (): object => ({ authSetting: Object.fromEntries(granted) });
  const authorize = async ({ scope }: ApiArguments): Promise<void> => {
    const name = textOf(scope);
    if (granted.get(name) === false) throw new HostFailure("auth deny");
    if (granted.get(name) === true) return;
    const isAllowed = await ask("askPermission", { scope: name }).then(
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
