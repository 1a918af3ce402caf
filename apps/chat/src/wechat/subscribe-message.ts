import { z } from "zod";
import type { SubscriptionStore } from "./subscription-store.ts";
import type { WechatApi } from "./wechat-api.ts";
import { WechatError } from "./wechat-error.ts";

/** A message to somebody who is not looking. */
export interface SubscribeMessage {
  readonly openid: string;
  readonly templateId: string;
  /** What a tap opens, for example `pages/chat/chat?id=7`. @defaultValue the first page */
  readonly page?: string;
  /** Values by the template's field names. WeChat refuses a `thing` of more than 20 characters. */
  readonly values: ReadonlyMap<string, string>;
}

/** What {@link SubscribeMessages} works with. */
export interface SubscribeMessagesParts {
  /** Calls with an access token. */
  readonly api: WechatApi;
  readonly store: SubscriptionStore;
  /** The templates that the application uses; clients can accept no others. */
  readonly templateIds: readonly string[];
}

const PATH = "/cgi-bin/message/subscribe/send";

/** Sends subscribe messages: each time that a user accepts a template, one message of it may be sent. */
export class SubscribeMessages {
  readonly #parts: SubscribeMessagesParts;

  constructor(parts: SubscribeMessagesParts) {
    this.#parts = parts;
  }

  /**
   * Takes note of what `wx.requestSubscribeMessage` gave a client: template ids and `accept`, `reject`, `ban` or
   * `filter`. A client that lies gains nothing, because WeChat counts as well.
   */
  async record(openid: string, answers: ReadonlyMap<string, string>): Promise<void> {
    const { store, templateIds } = this.#parts;
    for (const templateId of templateIds) if (answers.get(templateId) === "accept") await store.add(openid, templateId);
  }

  /**
   * Sends a message if the user allows one more, and resolves with whether it did. WeChat is not asked when it is
   * known that the user does not.
   *
   * @throws {WechatError} for everything else; the message then still counts as allowed.
   */
  async send({ openid, templateId, page, values }: SubscribeMessage): Promise<boolean> {
    const { api, store } = this.#parts;
    if (!(await store.take(openid, templateId))) return false;
    const data = Object.fromEntries([...values].map(([name, value]) => [name, { value }]));
    const body = { touser: openid, template_id: templateId, ...(page !== undefined && { page }), data };
    try {
      await api.call({ path: PATH, body, answer: z.unknown() });
      return true;
    } catch (error) {
      if (error instanceof WechatError && error.code === "not_subscribed") {
        await store.clear(openid, templateId);
        return false;
      }
      // One too many corrects itself at the next send; one too few would keep a message back for ever.
      await store.add(openid, templateId);
      throw error;
    }
  }
}
