import type { Database } from "@hutong/database";
import type { Clock } from "@hutong/server/plugin";
import type { Hono } from "hono";
import type { Accounts } from "../accounts/accounts.ts";
import type { Handlers } from "../api/handlers.ts";
import type { HttpEnvironment } from "../http/http-environment.ts";
import type { Inbox } from "../inbox/inbox.ts";
import type { FileReferences } from "../messages/file-references.ts";
import type { MessageStore } from "../messages/message-store.ts";
import { removeMessage } from "../messages/remove-message.ts";
import type { Tables } from "../storage/tables.ts";
import { ContentCheck, type TextAction } from "./content-check.ts";
import { OfflineNotices } from "./offline-notices.ts";
import type { Wechat } from "./wechat.ts";
import { wechatRoutes } from "./wechat-routes.ts";

/** What {@link WechatHooks} stand on. */
export interface WechatHooksParts {
  /** `undefined` where it is not configured: then nothing is checked and nobody is told. */
  readonly wechat: Wechat | undefined;
  readonly database: Database<Tables>;
  readonly clock: Clock;
  readonly inbox: Pick<Inbox, "publish">;
  readonly files: FileReferences;
  readonly accounts: Pick<Accounts, "profiles" | "onlineUsers" | "authenticate">;
  /** Where WeChat can load a file; `undefined` where nobody outside knows this server. */
  readonly urlOf: ((fileId: string) => string) | undefined;
  readonly failed: (error: unknown) => void;
}

/** What WeChat has to do with messages and names: it judges them, and tells people who are away. */
export class WechatHooks {
  readonly #parts: WechatHooksParts;
  readonly #contentCheck: ContentCheck | undefined;
  readonly #notices: OfflineNotices | undefined;

  constructor(parts: WechatHooksParts) {
    this.#parts = parts;
    const { moderation, subscribeMessages, config } = parts.wechat ?? {};
    if (moderation !== undefined)
      this.#contentCheck = new ContentCheck({
        ...parts,
        moderation,
        remove: (place) => removeMessage(parts, place),
      });
    if (subscribeMessages !== undefined && config?.notice !== undefined)
      this.#notices = new OfflineNotices({ ...parts, ...parts.accounts, subscribeMessages, template: config.notice });
  }

  /** The store with what goes on before and after each message. */
  around(store: MessageStore): MessageStore {
    const checked = this.#contentCheck?.checked(store) ?? store;
    return this.#notices?.noticing(checked) ?? checked;
  }

  /** The handlers that store texts and names in another way, behind the check; to stand after the plain ones. */
  aroundHandlers(handlers: Pick<Handlers, TextAction>): Partial<Pick<Handlers, TextAction>> {
    return this.#contentCheck?.checkedHandlers(handlers) ?? {};
  }

  /** What WeChat and mini-programs call; `undefined` where it is not configured. */
  routes(): Hono<HttpEnvironment> | undefined {
    const { wechat, database, clock, accounts } = this.#parts;
    const { authenticate } = accounts;
    return wechat && wechatRoutes({ wechat, contentCheck: this.#contentCheck, database, clock, authenticate });
  }

  /** Waits for what WeChat is being asked. */
  async close(): Promise<void> {
    await this.#contentCheck?.close();
    await this.#notices?.close();
  }
}
