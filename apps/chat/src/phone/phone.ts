import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createRunner, type Runner, WechatAccounts } from "@hutong/miniprogram/host";
import type { Clock } from "@hutong/server/plugin";
import type { WechatLogin } from "../wechat/code-to-session.ts";
import { WechatError } from "../wechat/wechat-error.ts";

/** Where the phone is served. */
export const PHONE_PATH = "/phone";
/** The hosts that the project names, and where they lead: to this server, and to the auction beside it. */
const CHAT_HOST = "chat.example.com";
const AUCTION_HOST = "auction.example.com";
const AUCTION_URL = "http://127.0.0.1:4100";
/** People of the phone belong to no real application. */
const APP_ID = "wx0000000000000000";

/** What {@link Phone} needs. */
export interface PhoneParts {
  /** Folder of the mini-program. */
  readonly project: string;
  readonly clock: Clock;
}

/**
 * The mini-program in a browser, for development: it talks to this server as it would to the real one, and people sign
 * in with a small WeChat of its own.
 */
export class Phone {
  readonly #parts: PhoneParts;
  readonly #accounts: WechatAccounts;
  #runner: Runner | undefined;

  constructor(parts: PhoneParts) {
    this.#parts = parts;
    this.#accounts = new WechatAccounts(parts.clock);
  }

  /** Compiles the project and begins to serve it; `url` is where the chat listens. A broken project is shown on the phone. */
  async open(url: string): Promise<void> {
    const map = new Map([
      [CHAT_HOST, url],
      [AUCTION_HOST, AUCTION_URL],
    ]);
    const { project, clock } = this.#parts;
    this.#runner = await createRunner({
      ...{ project, clock, map, basePath: PHONE_PATH },
      account: (deviceId) => this.#accounts.account(personOf(deviceId), APP_ID),
    });
  }

  /** Exchanges a code of the phone's `wx.login`, as WeChat would. */
  readonly codeToSession = (code: string): Promise<WechatLogin> => {
    const { openid, session_key: sessionKey } = this.#accounts.exchange(code);
    if (typeof openid === "string" && typeof sessionKey === "string")
      return Promise.resolve({ openid, unionid: undefined, sessionKey });
    return Promise.reject(new WechatError("invalid_code", "login on the phone", { errcode: 40_029 }));
  };

  /** `false` for what is not below {@link PHONE_PATH}, and until it is open. */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    return this.#runner?.handleRequest(request, response) ?? false;
  }

  /** `false` for what is not the phone's bus. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    return this.#runner?.handleUpgrade(request, socket, head) ?? false;
  }

  /** Ends every phone. */
  async close(): Promise<void> {
    await this.#runner?.[Symbol.asyncDispose]();
  }
}

function personOf(deviceId: string) {
  return { openId: `phone-${deviceId}`, nickName: "胡同来客", avatarUrl: "" };
}
