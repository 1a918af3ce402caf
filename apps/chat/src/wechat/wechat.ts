import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { CodeToSession } from "../accounts/wechat-accounts.ts";
import type { Tables } from "../storage/tables.ts";
import { codeToSession } from "./code-to-session.ts";
import { createModeration, type Moderation } from "./moderation.ts";
import { SqlAccessTokenStore } from "./sql-access-token-store.ts";
import { SqlSubscriptionStore } from "./sql-subscription-store.ts";
import { StableAccessToken } from "./stable-access-token.ts";
import { SubscribeMessages } from "./subscribe-message.ts";
import { createWechatApi, type WechatFetch } from "./wechat-api.ts";
import type { WechatConfig } from "./wechat-config.ts";

/** What {@link createWechat} puts together. */
export interface WechatParts {
  readonly config: WechatConfig;
  readonly database: Database<Tables>;
  readonly clock: Clock;
  /** Usually the global `fetch`. */
  readonly fetch: WechatFetch;
  /** Hears of calls that fail because of a configuration or a fault of ours. */
  readonly failed: (error: unknown) => void;
}

/** WeChat's interfaces for one application. */
export interface Wechat {
  readonly config: WechatConfig;
  readonly codeToSession: CodeToSession;
  /** `undefined` where it is off. */
  readonly moderation: Moderation | undefined;
  /** `undefined` where there is no template. */
  readonly subscribeMessages: SubscribeMessages | undefined;
}

/** Puts the interfaces together. Nothing is asked before it is needed. */
export function createWechat({ config, database, clock, fetch, failed }: WechatParts): Wechat {
  const { appId, appSecret, apiUrl, moderation, notice } = config;
  const application = { appId, appSecret };
  const plain = createWechatApi({ fetch, clock, failed, ...(apiUrl !== undefined && { baseUrl: apiUrl }) });
  const api = new StableAccessToken({ api: plain, application, store: new SqlAccessTokenStore(database), clock });
  return {
    config,
    codeToSession: (code) => codeToSession(plain, application, code),
    moderation:
      moderation === "off"
        ? undefined
        : createModeration({ api, whenUnavailable: moderation === "strict" ? "risky" : "pass" }),
    subscribeMessages:
      notice && new SubscribeMessages({ api, store: new SqlSubscriptionStore(database), templateIds: [notice.id] }),
  };
}
