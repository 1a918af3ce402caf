import { createFakeWx, SkippingClock, type WechatAccount } from "@hutong/testing";
import { Inbox } from "./inbox.ts";
import { within } from "./limits.ts";

/** What panda-chat-room's client reads of a frame. */
export interface PandaFrame {
  readonly type: "system" | "user" | "remote";
  readonly num?: number;
  readonly id: number;
  readonly number: number;
  readonly content?: string;
  readonly text?: boolean;
  readonly url?: string;
  readonly gallery?: boolean;
  readonly avatarUrl?: string;
  /** Ends the session of the client, which then logs in again. */
  readonly error?: string;
}

interface Session {
  readonly id: string;
  readonly skey: string;
}

/** What panda-chat-room does, on a phone of its own, by WeChat's global socket functions as it does. */
export class PandaPhone {
  readonly #url: string;
  readonly #wx: ReturnType<typeof createFakeWx>["wx"];
  #session: Session | undefined;
  #said: (frame: PandaFrame) => void = () => {};
  /** Frames other than what is said. */
  readonly frames = new Inbox<PandaFrame>();
  readonly closes = new Inbox<number>();

  private constructor(url: string, account: WechatAccount) {
    this.#url = url;
    this.#wx = createFakeWx({ clock: new SkippingClock(), account }).wx;
    this.#wx.onSocketMessage(({ data }) => {
      const frame = JSON.parse(typeof data === "string" ? data : "{}") as PandaFrame; // compared by the tests
      if (frame.type === "user" || frame.type === "remote") this.#said(frame);
      else this.frames.add(frame);
    });
    this.#wx.onSocketClose(({ code }) => this.closes.add(code));
  }

  /** A phone that has logged in. */
  static async start(url: string, account: WechatAccount): Promise<PandaPhone> {
    const phone = new PandaPhone(url, account);
    await phone.login();
    return phone;
  }

  /** Logs in with version 1 of wafer. */
  async login(): Promise<void> {
    const { code } = await this.#call<{ code: string }>((callbacks) => this.#wx.login(callbacks));
    const { encryptedData, iv } = await this.#call<{ encryptedData: string; iv: string }>((callbacks) =>
      this.#wx.getUserInfo(callbacks),
    );
    const header = { "X-WX-Code": code, "X-WX-Encrypted-Data": encryptedData, "X-WX-IV": iv };
    const { data } = await this.#call<{ data: unknown }>((callbacks) =>
      this.#wx.request({ url: `${this.#url}/login`, header, ...callbacks }),
    );
    const session: unknown = Reflect.get(Object(data), "session");
    if (session === undefined) throw new Error(`no session: ${JSON.stringify(data)}`);
    this.#session = session as Session; // used as it is, as the client does
  }

  /** Opens the socket and takes the greeting. `skey` stands in for the session's. */
  async enter(skey = this.#session?.skey ?? ""): Promise<PandaFrame> {
    const keys = { "X-WX-Id": this.#session?.id ?? "", "X-WX-Skey": skey };
    const query = Object.entries(keys)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
    this.#wx.connectSocket({ url: `${this.#url.replace(/^http/, "ws")}/ws?${query}`, header: keys });
    return this.frames.next("the greeting");
  }

  /** Calls a function with everything that is said. */
  onSaid(handler: (frame: PandaFrame) => void): void {
    this.#said = handler;
  }

  /** Sends a frame. */
  say(frame: object): void {
    this.#wx.sendSocketMessage({ data: JSON.stringify(frame) });
  }

  /** Closes the socket. */
  leave(): void {
    this.#wx.closeSocket();
  }

  #call<T>(call: (callbacks: { success: (result: T) => void; fail: (error: unknown) => void }) => unknown): Promise<T> {
    const called = new Promise<T>((resolve, reject) => {
      call({ success: resolve, fail: (error) => reject(new Error(JSON.stringify(error))) });
    });
    return within(called, "an answer of the phone");
  }
}
