/**
 * WeChat's `wx` on a phone of a test. What a mini-program meets on a real phone and never in a browser
 * is here: it is frozen five seconds after it went to the background, its sockets and requests end then,
 * half an hour later it is destroyed, and the next start finds nothing but its storage.
 */
import type { Clock } from "@hutong/server/plugin";
import { FakeWxApp, type FakeWxCallbacks, type FakeWxFailure } from "./fake-wx-app.ts";
import { FakeWxHttp } from "./fake-wx-http.ts";
import { connectOverNetwork, type FakeWxConnect, type FakeWxSend, sendOverNetwork } from "./fake-wx-network.ts";
import { FakeWxSockets } from "./fake-wx-sockets.ts";
import { FakeWxStorage, storageApi } from "./fake-wx-storage.ts";
import type { WechatAccount, WechatSignedUserInfo } from "./wechat-account.ts";

/** What a fake phone is made of. */
export interface FakeWxOptions {
  /** The time of the phone, which no freeze stops. */
  readonly clock: Clock;
  /** Who is signed in to WeChat. @defaultValue nobody: `login` fails */
  readonly account?: WechatAccount;
  /** Opens WebSockets. @defaultValue real ones */
  readonly connect?: FakeWxConnect;
  /** Sends HTTP requests. @defaultValue real ones */
  readonly send?: FakeWxSend;
  /** Whether a mini-program is told, on return, that its sockets were cut. @defaultValue true */
  readonly tellsOfCuts?: boolean;
}

/** How long a mini-program runs on in the background, in milliseconds. */
const FREEZE_AFTER_MS = 5_000;
/** How long a frozen mini-program is kept, in milliseconds. */
const DESTROY_AFTER_MS = 30 * 60_000;

/** What `wx.onNetworkStatusChange` tells. */
export interface FakeWxNetworkStatus {
  /** Whether there is a network. */
  readonly isConnected: boolean;
  /** `"wifi"`, `"4g"`, `"none"` … */
  readonly networkType: string;
}

/** One run of a mini-program: its `wx`, and what only the test sees. */
export interface FakeWxRun {
  /** Its life and its clock. */
  readonly app: FakeWxApp;
  /** The global `wx` of its code. */
  readonly wx: FakeWxApi;
}

/** The `wx` of one run. */
export type FakeWxApi = ReturnType<FakeWx["createApi"]>;

type Fan<T> = Set<(value: T) => void>;

/** A phone with one mini-program on it. */
export class FakeWx {
  /** What the mini-program keeps beyond its runs. */
  readonly storage = new FakeWxStorage();
  /** The files of the phone, by path: chosen pictures and downloads. */
  readonly files = new Map<string, Uint8Array>();
  readonly #options: FakeWxOptions;
  #networkType = "wifi";
  #run: FakeWxRun;
  #sockets: FakeWxSockets;
  #shown: Fan<object> = new Set();
  #hidden: Fan<object> = new Set();
  #networkChanged: Fan<FakeWxNetworkStatus> = new Set();
  #stopTimer = (): void => {};

  /** Not for tests: {@link createFakeWx} makes phones. */
  constructor(options: FakeWxOptions) {
    this.#options = options;
    const app = new FakeWxApp(options.clock);
    this.#sockets = this.#createSockets(app);
    this.#run = { app, wx: this.createApi(app) };
  }

  /** The run that is under way, or was until it was destroyed. */
  get run(): FakeWxRun {
    return this.#run;
  }

  /** The `wx` of the run. */
  get wx(): FakeWxApi {
    return this.#run.wx;
  }

  /** How many WebSockets the run has, of five. */
  get socketCount(): number {
    return this.#sockets.count;
  }

  /** The user leaves the mini-program: it is frozen five seconds later, and destroyed half an hour after that. */
  background(): void {
    const { app } = this.#run;
    if (app.state !== "foreground") return;
    app.hide();
    tell(this.#hidden, {});
    this.#stopTimer = this.#options.clock.after(FREEZE_AFTER_MS, () => this.#freeze());
  }

  /**
   * The user comes back. Gives `true` when the run goes on: what waited for it is delivered, and `onAppShow` follows. Gives `false` when
   * it had been destroyed: a new one has begun, with a `wx` of its own, and its code has to be started by the caller.
   */
  foreground(): boolean {
    const { app } = this.#run;
    this.#stopTimer();
    if (app.state === "destroyed") {
      this.#start();
      return false;
    }
    if (app.state !== "foreground") {
      app.show();
      tell(this.#shown, {});
    }
    return true;
  }

  /** WeChat ends the mini-program at once, as it does when memory is short. */
  destroy(): void {
    this.#stopTimer();
    if (this.#run.app.state !== "frozen") this.#freeze();
    this.#stopTimer();
    this.#run.app.destroy();
  }

  /** The network becomes another one; `"none"` ends every socket. */
  setNetwork(networkType: string): void {
    this.#networkType = networkType;
    const { app } = this.#run;
    if (networkType === "none") this.#sockets.lose();
    app.deliver(() => tell(this.#networkChanged, { isConnected: networkType !== "none", networkType }));
  }

  /** Not for tests: makes the `wx` of a run. */
  createApi(app: FakeWxApp) {
    const { account, send = sendOverNetwork } = this.#options;
    const sockets = this.#sockets;
    const isOnline = (): boolean => this.#networkType !== "none";
    const http = new FakeWxHttp({ app, send, isOnline, files: this.files });
    return {
      connectSocket: sockets.connectSocket.bind(sockets),
      ...sockets.globalForm(),
      request: http.request.bind(http),
      uploadFile: http.uploadFile.bind(http),
      downloadFile: http.downloadFile.bind(http),
      ...storageApi(app, this.storage),
      ...accountApi(app, account),
      ...fanApi("AppShow", this.#shown),
      ...fanApi("AppHide", this.#hidden),
      ...fanApi("NetworkStatusChange", this.#networkChanged),
      getNetworkType: (options?: FakeWxCallbacks<{ readonly networkType: string } & FakeWxFailure>) =>
        app.answer(options, "getNetworkType", { result: { networkType: this.#networkType } }),
    };
  }

  #createSockets(app: FakeWxApp): FakeWxSockets {
    return new FakeWxSockets(app, this.#options.connect ?? connectOverNetwork, () => this.#networkType !== "none");
  }

  #start(): void {
    this.#shown = new Set();
    this.#hidden = new Set();
    this.#networkChanged = new Set();
    const app = new FakeWxApp(this.#options.clock);
    this.#sockets = this.#createSockets(app);
    this.#run = { app, wx: this.createApi(app) };
  }

  #freeze(): void {
    this.#run.app.freeze();
    this.#sockets.cut(this.#options.tellsOfCuts ?? true);
    this.#stopTimer = this.#options.clock.after(DESTROY_AFTER_MS, () => this.#run.app.destroy());
  }
}

/**
 * Makes a phone on which one mini-program runs, in the foreground and with a network.
 *
 * @example
 * const clock = new SkippingClock();
 * const phone = createFakeWx({ clock });
 * const socket = createSocket("ws://127.0.0.1:4000/socket", { wx: phone.wx, clock: phone.run.app.clock });
 * phone.background();
 * clock.skip(30_000);
 * phone.foreground();
 */
export function createFakeWx(options: FakeWxOptions): FakeWx {
  return new FakeWx(options);
}

function tell<T>(handlers: Fan<T>, value: T): void {
  for (const handler of [...handlers]) handler(value);
}

/** `wx.onX` and `wx.offX` of an event with many listeners; `offX` without one takes all. */
function fanApi<TName extends string, T>(name: TName, handlers: Fan<T>) {
  const on = (handler: (value: T) => void): void => void handlers.add(handler);
  const off = (handler?: (value: T) => void): void =>
    handler === undefined ? handlers.clear() : void handlers.delete(handler);
  // The keys are the template's two.
  return { [`on${name}`]: on, [`off${name}`]: off } as { [TKey in `on${TName}`]: typeof on } & {
    [TKey in `off${TName}`]: typeof off;
  };
}

function accountApi(app: FakeWxApp, account: WechatAccount | undefined) {
  return {
    login: (options?: FakeWxCallbacks<{ readonly code: string } & FakeWxFailure>) =>
      app.answer(
        options,
        "login",
        account === undefined ? { failure: "not signed in" } : { result: { code: account.login() } },
      ),
    checkSession: (options?: FakeWxCallbacks<FakeWxFailure>) =>
      app.answer(
        options,
        "checkSession",
        account?.isSessionValid() === true ? { result: { errMsg: "" } } : { failure: "session expired" },
      ),
    getUserInfo: (options?: FakeWxCallbacks<WechatSignedUserInfo & FakeWxFailure>) =>
      app.answer(
        options,
        "getUserInfo",
        account === undefined ? { failure: "not signed in" } : { result: account.userInfo() },
      ),
  };
}
