import type { ActionInput, Session } from "@hutong/chat-api";
import { createSocket, wechatStorage } from "@hutong/client/wechat";
import { SERVERS } from "../config";
import { createEntryCall, type EntryCall } from "../model/call";
import { Changes } from "../model/changes";
import { type Chat, createChat } from "../model/chat";
import { SessionStore } from "../model/session-store";
import type { Words } from "../words/en";
import { languageOf, WORDS } from "../words/words";
import { phoneClock } from "./clock";
import { createId } from "./create-id";
import { FilePaths } from "./file-paths";
import { httpCall } from "./http-call";
import { uploadPending } from "./upload";

/** What a sign-in says of this device. */
type DeviceInput = ActionInput<"sign_in">["device"];

const LOGIN = "/pages/login/login";
const DEVICE_KEY = "hutong:device";

/** The one mini-program: who is signed in, and that user's chat. */
class Application {
  /** Tells when somebody has signed in or out. */
  readonly changes = new Changes(phoneClock);
  readonly call: EntryCall = createEntryCall(httpCall);
  readonly session = new SessionStore({
    storage: wechatStorage("session"),
    call: this.call,
    clock: phoneClock,
    changes: this.changes,
  });
  #chat: Chat | undefined;
  #files: FilePaths | undefined;
  #ready: Promise<void> | undefined;

  /** The words of the phone's language. */
  get words(): Words {
    return WORDS[languageOf(wx.getAppBaseInfo().language)];
  }

  /** The chat of whoever is signed in. */
  get chat(): Chat | undefined {
    return this.#chat;
  }

  /** The files of whoever is signed in. */
  get files(): FilePaths | undefined {
    return this.#files;
  }

  /** Resolves with the chat of whoever is signed in, also by an earlier run. Without one the login comes on top. */
  async begin(): Promise<Chat | undefined> {
    this.#ready ??= this.session.restore().then(() => {
      this.#follow();
      this.changes.listen(() => {
        this.#follow();
        if (this.#chat === undefined) wx.reLaunch({ url: LOGIN });
      });
    });
    await this.#ready;
    if (this.#chat === undefined) wx.reLaunch({ url: LOGIN });
    return this.#chat;
  }

  /** What a sign-in says of this phone. The key is made once and kept. */
  device(): DeviceInput {
    const kept = wx.getStorageSync(DEVICE_KEY);
    const key = typeof kept === "string" && kept !== "" ? kept : createId();
    if (key !== kept) wx.setStorageSync(DEVICE_KEY, key);
    return { key, platform: "wechat", name: wx.getDeviceInfo().model.slice(0, 50) };
  }

  /** Takes the answer of a sign-in and goes to the chats. */
  enter(session: Session): void {
    this.session.adopt(session);
    this.#follow();
    wx.switchTab({ url: "/pages/chats/chats" });
  }

  /** Ends the session here and at the server. Never rejects. */
  async leave(): Promise<void> {
    // Offline the session ends here only; its refresh token is forgotten with it.
    await this.#chat?.call("sign_out", {}).catch(() => undefined);
    this.session.end();
  }

  /** Opens a chat when somebody has signed in, and closes it when the session has ended or is another's. */
  #follow(): void {
    const me = this.session.current?.me;
    if (me?.id === this.#chat?.userId) return;
    // What a disabled or replaced session kept may be wanted again; a sign-out leaves nothing behind.
    void this.#chat?.close(this.session.ended === undefined);
    this.#chat = undefined;
    this.#files = undefined;
    if (me === undefined) return;
    this.#chat = createChat(
      {
        session: this.session,
        http: httpCall,
        clock: phoneClock,
        createId,
        createSocket: (login) => createSocket(SERVERS.chatSocket, { login }),
        storage: (name) => wechatStorage(name),
        upload: (file, progress) => uploadPending(file, progress, this.session),
      },
      me,
    );
    this.#files = new FilePaths({ tokens: this.session, changes: this.#chat.changes });
    void this.#chat.start();
  }
}

/** The mini-program that runs: WeChat gives every page the same modules, so there is one. */
export const application = new Application();
