import type { ActionInput, Session } from "@hutong/chat-api";
import {
  type AnonymousCall,
  createAnonymousCall,
  createChat,
  effect,
  followSession,
  type KeptLimits,
  SessionStore,
} from "@hutong/chat-client";
import { createSocket, wechatStorage } from "@hutong/client/wechat";
import { SERVERS } from "../config";
import type { Words } from "../words/en";
import { languageOf, WORDS } from "../words/words";
import { createId } from "./create-id";
import { FilePaths } from "./file-paths";
import { httpCall } from "./http-call";
import { type PhoneChat, phonePendingFiles } from "./pending-files";

/** What a sign-in says of this device. */
type DeviceInput = ActionInput<"sign_in">["device"];

const LOGIN = "/pages/login/login";
const DEVICE_KEY = "hutong:device";
/** Far below what WeChat keeps, 1 MB of one text and 10 MB of all, and little enough to be written often. */
const KEPT: KeptLimits = { conversations: 60, logs: 12, messages: 30 };

/** The one mini-program: who is signed in, and that user's chat. */
class Application {
  readonly call: AnonymousCall = createAnonymousCall(httpCall);
  readonly session = new SessionStore({ storage: wechatStorage("session"), call: this.call });
  readonly #chat = followSession(this.session, (userId) => this.#createChat(userId));
  #files: FilePaths | undefined;
  #ready: Promise<void> | undefined;
  #next: string | undefined;

  /** The words of the phone's language. */
  get words(): Words {
    return WORDS[languageOf(wx.getAppBaseInfo().language)];
  }

  /** The chat of whoever is signed in. Reads a signal. */
  get chat(): PhoneChat | undefined {
    return this.#chat.value;
  }

  /** The files of whoever is signed in. */
  get files(): FilePaths | undefined {
    return this.#files;
  }

  /** Resolves with the chat of whoever is signed in, also by an earlier run. Without one the login comes on top. */
  async begin(): Promise<PhoneChat | undefined> {
    this.#ready ??= this.session.restore().then(() => {
      effect(() => {
        if (this.#chat.value === undefined) wx.reLaunch({ url: LOGIN });
      });
    });
    await this.#ready;
    return this.chat;
  }

  /** What a sign-in says of this phone. The key is made once and kept. */
  device(): DeviceInput {
    const kept = wx.getStorageSync(DEVICE_KEY);
    const key = typeof kept === "string" && kept !== "" ? kept : createId();
    if (key !== kept) wx.setStorageSync(DEVICE_KEY, key);
    return { key, platform: "wechat", name: wx.getDeviceInfo().model.slice(0, 50) };
  }

  /** Where a sign-in leads, once, in place of the chats: an invitation that was opened before it. */
  leadTo(url: string): void {
    this.#next = url;
  }

  /** Takes the answer of a sign-in and goes to the chats. */
  enter(session: Session): void {
    const next = this.#next;
    this.#next = undefined;
    this.session.adopt(session);
    wx.switchTab({
      url: "/pages/chats/chats",
      success: () => {
        if (next !== undefined) wx.navigateTo({ url: next });
      },
    });
  }

  /** Ends the session here and at the server. Never rejects. */
  async leave(): Promise<void> {
    // Offline the session ends here only; its refresh token is forgotten with it.
    await this.chat?.call("sign_out", {}).catch(() => undefined);
    this.session.end();
  }

  #createChat(userId: string): PhoneChat {
    this.#files = new FilePaths(this.session);
    return createChat({
      session: this.session,
      http: httpCall,
      createId,
      createSocket: (login) => createSocket(SERVERS.chatSocket, { login }),
      storage: wechatStorage(`chat:${userId}`),
      files: phonePendingFiles(userId, this.session),
      kept: KEPT,
    });
  }
}

/** The mini-program that runs: WeChat gives every page the same modules, so there is one. */
export const application = new Application();
