import { createFakeWechat, type FakeWechat } from "@hutong/testing";
import { type Clock, systemClock } from "@hutong/server/plugin";
import { WebSocket } from "ws";
import type { ChatOptions } from "../../src/app.ts";
import type { Config } from "../../src/config.ts";
import type { WechatConfig } from "../../src/wechat/wechat-config.ts";
import { type StartedChat, startTestChat } from "./started-chat.ts";

/** A chat with a WeChat of its own. */
export interface WechatChat extends AsyncDisposable {
  readonly started: StartedChat;
  readonly wechat: FakeWechat;
  /** Keys of a session, after a login of version 1. */
  login(openid: string, nickName?: string): Promise<WaferKeys>;
  /** Asks for a path with these headers and gives the JSON. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<unknown>;
}

/** The headers of a session. */
export type WaferKeys = Readonly<Record<"X-WX-Id" | "X-WX-Skey", string>>;

/** What a test may say of its chat. */
export interface WechatChatOptions extends ChatOptions {
  readonly config?: Partial<Config>;
  readonly wechat?: Partial<WechatConfig>;
}

const APPLICATION = { appId: "wx-test", appSecret: "a-secret" } as const;

/** Starts both. */
export async function startWechatChat({ config, ...options }: WechatChatOptions = {}): Promise<WechatChat> {
  const clock: Clock = options.clock ?? systemClock;
  const wechat = createFakeWechat({ ...APPLICATION, clock });
  const apiUrl = await wechat.listen();
  const settings = { apiUrl, pushToken: undefined, moderation: "off", notice: undefined, ...options.wechat } as const;
  const started = await startTestChat({ wechat: { ...APPLICATION, ...settings }, ...config }, options);
  const get = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> =>
    (await fetch(`${started.chat.url}${path}`, { headers })).json();
  return {
    started,
    wechat,
    get,
    login: async (openid, nickName = openid) => keysOf(await get("/login", loginHeaders(wechat, openid, nickName))),
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await wechat.close();
    },
  };
}

/** The headers of a login as its client sends them. */
export function loginHeaders(wechat: FakeWechat, openid: string, nickName = openid): Record<string, string> {
  const account = wechat.account(openid, { nickName, avatarUrl: `https://wx.example/${openid}.png` });
  const code = account.login();
  const { encryptedData, iv } = account.userInfo();
  return { "X-WX-Code": code, "X-WX-Encrypted-Data": encryptedData, "X-WX-IV": iv };
}

/** The keys in the answer to a login. */
export function keysOf(answer: unknown): WaferKeys {
  const { session } = answer as { session?: { id: string; skey: string } }; // looked at next
  if (session === undefined) throw new Error(`no session: ${JSON.stringify(answer)}`);
  return { "X-WX-Id": session.id, "X-WX-Skey": session.skey };
}

/** A raw WebSocket that keeps what it hears. */
export class RawClient {
  readonly #webSocket: WebSocket;
  readonly #frames: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #close: { readonly code: number; readonly reason: string } | undefined;

  private constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket;
    webSocket.on("message", (data) => {
      // `ws` gives one buffer for each message unless it is asked for something else.
      this.#frames.push((data as Buffer).toString("utf8"));
      this.#wake();
    });
    webSocket.on("close", (code, reason) => {
      this.#close = { code, reason: reason.toString("utf8") };
      this.#wake();
    });
  }

  /** Resolves when the socket is open. */
  static open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawClient> {
    const webSocket = new WebSocket(url.replace(/^http/, "ws"), { headers, rejectUnauthorized: false });
    const client = new RawClient(webSocket);
    return new Promise((resolve, reject) => {
      webSocket.once("open", () => resolve(client));
      webSocket.once("error", reject);
    });
  }

  send(frame: string | Uint8Array): void {
    this.#webSocket.send(frame);
  }

  close(): void {
    this.#webSocket.close();
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  /** The next frame. */
  async next(limitMs = 5_000): Promise<string> {
    await this.#until(() => this.#frames.length > 0 || this.#close !== undefined, limitMs);
    const frame = this.#frames.shift();
    if (frame === undefined) throw new Error(`closed with ${JSON.stringify(this.#close)} instead of a frame`);
    return frame;
  }

  /** The next frame that is JSON and passes the test, past those that do not. */
  async json<T>(isWanted: (value: T) => boolean = () => true): Promise<T> {
    for (;;) {
      const value = JSON.parse(await this.next()) as T; // the caller says what is compared
      if (isWanted(value)) return value;
    }
  }

  /** The next event of a tunnel of this type, past all other frames. */
  async event(type: string): Promise<unknown> {
    for (;;) {
      const frame = await this.next();
      if (!frame.startsWith("message:")) continue;
      const message = JSON.parse(frame.slice("message:".length)) as { type: string; content: unknown }; // as the server encodes it
      if (message.type === type) return message.content;
    }
  }

  /** Resolves with how the socket was closed. */
  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    await this.#until(() => this.#close !== undefined, 5_000);
    return this.#close ?? { code: 0, reason: "" };
  }

  async #until(isDone: () => boolean, limitMs: number): Promise<void> {
    const endsAt = performance.now() + limitMs;
    while (!isDone()) {
      const leftMs = endsAt - performance.now();
      if (leftMs <= 0) throw new Error(`nothing came within ${limitMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
