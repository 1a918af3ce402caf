import { randomBytes } from "node:crypto";
import { Bridge } from "../bus/bridge.ts";
import type { BusSession } from "../bus/bus-session.ts";
import { connectInMemory } from "../bus/memory-bus.ts";
import type { BusMessage } from "../bus/message.ts";
import type { Clock } from "../clock.ts";
import type { CompiledProject } from "../compiler/compiled-project.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import type { Launch, RouteEvent, SystemInfo } from "../service/launch.ts";
import type { HostMap } from "./address-guard.ts";
import { type ApiArguments, type ApiHandler, type ApiTable, runApi } from "./api-table.ts";
import { DEFAULT_DEVICE, type Device, parseDevice, systemInfoOf } from "./device.ts";
import { HostFailure } from "./host-failure.ts";
import { HttpTransfers, type NetworkEntry } from "./http-transfers.ts";
import { EMPTY_STACK, type PageStack, route, type RouteRequest } from "./page-stack.ts";
import { parsePageUrl } from "./page-url.ts";
import { type PageWindow, pageWindowOf } from "./page-window.ts";
import { PHONE_APIS, QUIET_APIS } from "./phone-api.ts";
import { SocketProxy } from "./socket-proxy.ts";
import { TemporaryFiles } from "./temporary-files.ts";
import { reportTraffic } from "./traffic.ts";
import { userApi } from "./user-api.ts";
import type { WechatAccount } from "./wechat-accounts.ts";

/** Time between going to the background and being suspended, in milliseconds. */
export const SUSPEND_AFTER_MS = 5_000;
/** Time that a suspended mini-program is kept, in milliseconds. */
export const DESTROY_AFTER_MS = 30 * 60_000;
/** How long a view that was closed may still send, in milliseconds. */
const VIEW_GRACE_MS = 5_000;
/** Scene of an ordinary start. */
const DEFAULT_SCENE = 1001;

/** What one running mini-program needs. */
export interface MiniProgramOptions {
  readonly clock: Clock;
  readonly session: BusSession;
  readonly project: CompiledProject;
  readonly map: HostMap;
  readonly account: WechatAccount;
  /** The storage, shared by all starts on one phone; each value as JSON. */
  readonly storage: Map<string, string>;
  readonly device?: Device;
  /** Address of the page to start with. @defaultValue the entry page of the project */
  readonly startUrl?: string;
}

/** `"destroyed"` means that the next foreground is a cold start. */
export type RunState = "running" | "background" | "suspended" | "destroyed";

/**
 * The host's side of one running mini-program: page stack, life cycle, network, storage and user. The phone
 * shows what it says, the logic layer does what it says.
 */
export class MiniProgram {
  /** Files of this run. */
  readonly files = new TemporaryFiles();
  readonly #options: MiniProgramOptions;
  readonly #bridge: Bridge;
  readonly #transfers: HttpTransfers;
  readonly #sockets: SocketProxy;
  readonly #handlers: ReadonlyMap<string, ApiHandler>;
  readonly #results = new Map<number, (result: unknown) => void>();
  #project: CompiledProject;
  #device: Device;
  #stack: PageStack = EMPTY_STACK;
  #state: RunState = "running";
  #cancelTimer = (): void => {};
  #lastReply = 0;
  #stopTraffic = (): void => {};

  /** Takes the place of the host on the bus. Nothing starts before a logic layer asks for it. */
  constructor(options: MiniProgramOptions) {
    this.#options = options;
    this.#project = options.project;
    this.#device = options.device ?? DEFAULT_DEVICE;
    const bus = connectInMemory(options.session, "HOST");
    this.#bridge = new Bridge(bus);
    const network = {
      map: options.map,
      files: this.files,
      referer: `https://servicewechat.com/${options.project.config.appId}/devtools/page-frame.html`,
      log: (entry: NetworkEntry) => this.#tellPhone("network", entry),
      clock: options.clock,
    };
    this.#transfers = new HttpTransfers({
      ...network,
      report: (change) => this.#tellService("onTransferStateChange", change),
    });
    this.#sockets = new SocketProxy({
      ...network,
      report: (change) => this.#tellService("onSocketTaskStateChange", change),
    });
    this.#handlers = new Map(Object.entries(this.#apis()));
    for (const command of ["APPSERVICE_INVOKE", "WEBVIEW_INVOKE"] as const) {
      this.#bridge.on(command, (message) => void this.#answer(message));
    }
    this.#listenToPhone();
  }

  /** What the mini-program is doing. */
  get state(): RunState {
    return this.#state;
  }

  /** The pages that are open. */
  get stack(): PageStack {
    return this.#stack;
  }

  /** Takes another build of the project: everything starts again, on the page that is open. */
  reload(project: CompiledProject): void {
    this.#project = project;
    this.#restart();
  }

  /** Writes a line to the console of the phone. */
  warn(text: string): void {
    this.#tellPhone("console", { level: "warn", text });
  }

  /** Shows what is wrong with the project in the place of its pages. */
  showErrors(errors: readonly string[]): void {
    this.#tellPhone("compileErrors", { errors });
  }

  /** Goes to the background: after five seconds the logic layer stops and its sockets are cut. */
  background(): void {
    if (this.#state !== "running") return;
    this.#state = "background";
    this.#tellService("onAppEnterBackground", {});
    this.#cancelTimer = this.#options.clock.after(SUSPEND_AFTER_MS, () => this.#suspend());
    this.#reportState();
  }

  /** Comes back: goes on where it was, or starts again when it was destroyed. */
  foreground(): void {
    if (this.#state === "running") return;
    const before = this.#state;
    this.#cancelTimer();
    this.#state = "running";
    if (before === "destroyed") {
      this.#restart();
    } else {
      if (before === "suspended") this.#tellService("onAppRunningStatusChange", { status: "active" });
      const top = this.#stack.pages.at(-1);
      this.#tellService("onAppEnterForeground", {
        path: top?.path ?? "",
        query: top?.query ?? {},
        scene: DEFAULT_SCENE,
      });
    }
    this.#reportState();
  }

  /** Ends the mini-program as WeChat does when memory is short or half an hour has passed. */
  destroy(): void {
    if (this.#state === "destroyed") return;
    this.#cancelTimer();
    this.#transfers.interrupt("interrupted");
    this.#sockets.interrupt();
    this.#state = "destroyed";
    this.#stack = { ...EMPTY_STACK, nextId: this.#stack.nextId };
    this.#options.session.forget("APPSERVICE");
    this.#tellPhone("destroyed", {});
    this.#reportState();
  }

  /** Ends transfers, sockets and timers. */
  close(): void {
    this.#cancelTimer();
    this.#stopTraffic();
    this.#transfers.interrupt("interrupted");
    this.#sockets.interrupt();
  }

  #suspend(): void {
    this.#state = "suspended";
    this.#transfers.interrupt("interrupted");
    this.#sockets.interrupt();
    this.#tellService("onAppRunningStatusChange", { status: "suspended" });
    this.#cancelTimer = this.#options.clock.after(DESTROY_AFTER_MS, () => this.destroy());
    this.#reportState();
  }

  #restart(): void {
    this.#transfers.interrupt("interrupted");
    this.#sockets.interrupt();
    this.#cancelTimer();
    this.#state = "running";
    this.#options.session.forget("APPSERVICE");
    this.#stack = { ...EMPTY_STACK, nextId: this.#stack.nextId };
    this.#tellPhone("restart", {});
  }

  #reportState(): void {
    this.#tellPhone("state", { state: this.#state });
  }

  #apis(): ApiTable {
    const go =
      (kind: "navigateTo" | "redirectTo" | "reLaunch" | "switchTab"): ApiHandler =>
      ({ url }) =>
        this.#go({ kind, url: textOf(url) });
    return {
      launch: () => ({ launch: this.#launch() }),
      launched: () =>
        this.#go({ kind: "appLaunch", url: this.#options.startUrl ?? `/${this.#project.config.entryPage}` }),
      navigateTo: go("navigateTo"),
      redirectTo: go("redirectTo"),
      reLaunch: go("reLaunch"),
      switchTab: go("switchTab"),
      navigateBack: ({ delta }) => this.#go({ kind: "navigateBack", delta: numberOf(delta, 1) }),
      consoleLine: (args) => this.#tellPhone("console", args),
      writeStorage: (args) => this.#writeStorage(args),
      readFile: ({ filePath }) => this.#readFile(textOf(filePath)),
      keepFile: ({ base64, type }) => ({
        tempFilePath: this.files.add({ bytes: Buffer.from(textOf(base64), "base64"), type: textOf(type) }),
      }),
      getImageInfo: (args) => this.#askPhone("getImageInfo", args),
      getNetworkType: () => ({ networkType: "wifi" }),
      getLocation: () => ({ latitude: 39.9, longitude: 116.4, speed: 0, accuracy: 65, altitude: 0 }),
      getRandomValues: ({ length }) => ({
        randomValues: { base64: randomBytes(Math.min(1_048_576, numberOf(length))).toString("base64") },
      }),
      getBatteryInfo: () => ({ level: 100, isCharging: true }),
      startPullDownRefresh: () => this.#pullDown(true),
      stopPullDownRefresh: () => this.#pullDown(false),
      pulledDown: () => this.#tellPage("onPullDownRefresh", undefined),
      exitMiniProgram: () => this.background(),
      pageEventResult: ({ replyTo, result }) => {
        this.#results.get(numberOf(replyTo))?.(result);
        this.#results.delete(numberOf(replyTo));
      },
      ...Object.fromEntries(QUIET_APIS.map((name) => [name, () => ({})])),
      ...Object.fromEntries(PHONE_APIS.map((name) => [name, (args: ApiArguments) => this.#askPhone(name, args)])),
      ...userApi(this.#options.account, (api, args) => this.#askPhone(api, args)),
      ...this.#transfers.api,
      ...this.#sockets.api,
      viewReady: ({ webviewId }) => this.#view(numberOf(webviewId)),
      share: () => this.#share(),
    };
  }

  #launch(): Launch {
    const { config } = this.#project;
    const start = parsePageUrl(this.#options.startUrl ?? `/${config.entryPage}`, undefined);
    return {
      project: this.#project,
      system: this.#system(start.path),
      options: { path: start.path, query: start.query, scene: DEFAULT_SCENE },
      storage: Object.fromEntries(this.#options.storage),
    };
  }

  #system(path: string): SystemInfo {
    const { tabBar } = this.#project.config;
    const hasTabBar = tabBar?.custom === false && tabBar.list.some(({ pagePath }) => pagePath === path);
    const theme = this.#project.config.darkmode ? this.#device.theme : "light";
    return systemInfoOf(
      { ...this.#device, theme },
      { hasNavigationBar: this.#window(path).navigationStyle === "default", hasTabBar },
    );
  }

  #window(path: string): PageWindow {
    return pageWindowOf(this.#project, path, this.#device.theme);
  }

  #go(request: RouteRequest): void {
    const outcome = route(this.#stack, request, this.#project.config);
    if (outcome.kind === "refused") throw new HostFailure(outcome.reason);
    this.#stack = outcome.stack;
    this.#show(outcome.event);
    this.#tellService("onSystemChange", this.#system(outcome.event.path));
    this.#tellService("onAppRoute", outcome.event);
    for (const id of outcome.event.unload) {
      this.#options.clock.after(VIEW_GRACE_MS, () => this.#options.session.forget(`WEBVIEW_${id}`));
    }
  }

  #show(event: RouteEvent): void {
    const { tabBar } = this.#project.config;
    const tab = tabBar?.list.findIndex(({ pagePath }) => pagePath === event.path) ?? -1;
    this.#tellPhone("route", {
      ...event,
      window: this.#window(event.path),
      tab,
      ...(tabBar !== undefined && { tabBar }),
    });
  }

  #view(webviewId: number): object {
    const page = [...this.#stack.pages, ...this.#stack.tabs].find((one) => one.webviewId === webviewId);
    const path = page?.path ?? "";
    return {
      path,
      styles: this.#project.styles,
      window: this.#window(path),
      theme: this.#project.config.darkmode ? this.#device.theme : "light",
      map: Object.fromEntries(this.#options.map),
    };
  }

  #writeStorage({ key, value }: ApiArguments): void {
    const { storage } = this.#options;
    if (typeof key !== "string") storage.clear();
    else if (typeof value === "string") storage.set(key, value);
    else storage.delete(key);
    this.#tellPhone("storage", Object.fromEntries(storage));
  }

  #readFile(path: string): object {
    const file = this.files.get(path);
    if (file === undefined) throw new HostFailure(`no such file or directory, open ${path}`);
    return { data: { base64: Buffer.from(file.bytes).toString("base64") } };
  }

  #pullDown(isShown: boolean): void {
    const webviewID = this.#stack.pages.at(-1)?.webviewId ?? 0;
    this.#bridge.send({ command: "WEBVIEW_ON_EVENT", data: { eventName: "pullDown", data: { isShown } }, webviewID });
    if (isShown) this.#tellPage("onPullDownRefresh", undefined);
  }

  async #share(): Promise<object> {
    const value = await this.#pageEvent("onShareAppMessage", { from: "button" });
    return this.#askPhone("shareAppMessage", isRecord(value) ? value : {});
  }

  /** Calls a function of the page that can be seen, and gives what it returned. */
  #pageEvent(name: string, value: unknown): Promise<unknown> {
    const replyTo = ++this.#lastReply;
    return new Promise((resolve) => {
      this.#results.set(replyTo, resolve);
      this.#tellPage(name, value, replyTo);
    });
  }

  #tellPage(name: string, value: unknown, replyTo?: number): void {
    const webviewID = this.#stack.pages.at(-1)?.webviewId ?? 0;
    const data = { name, value: value ?? null, ...(replyTo !== undefined && { replyTo }) };
    this.#bridge.send({ command: "APPSERVICE_ON_EVENT", data: { eventName: "onPageEvent", data }, webviewID });
  }

  async #askPhone(api: string, args: ApiArguments): Promise<object> {
    const result = await this.#bridge.invoke("CONTROL_INVOKE", api, args);
    if (/:(fail )?cancel/.test(result.errMsg)) throw new HostFailure("cancel", true);
    if (!result.errMsg.endsWith(":ok")) throw new HostFailure(result.errMsg.replace(/^[^:]*:fail ?/, ""));
    return result;
  }

  #tellPhone(eventName: string, data: object): void {
    this.#bridge.send({ command: "CONTROL_ON_EVENT", data: { eventName, data } });
  }

  #tellService(eventName: string, data: object): void {
    if (this.#state === "destroyed") return;
    this.#bridge.send({ command: "APPSERVICE_ON_EVENT", data: { eventName, data } });
  }

  async #answer(message: unknown): Promise<void> {
    const call = message as Extract<BusMessage, { readonly command: "APPSERVICE_INVOKE" | "WEBVIEW_INVOKE" }>;
    const { api, args, callbackID } = call.data;
    const webviewID = call.command === "WEBVIEW_INVOKE" ? call.fromWebviewID : undefined;
    const handler = this.#handlers.get(api) ?? notSupported;
    const res = await runApi(
      api,
      handler,
      webviewID === undefined ? args : { ...(isRecord(args) && args), webviewId: webviewID },
    );
    const data = { callbackID, res };
    if (webviewID === undefined) this.#bridge.send({ command: "APPSERVICE_INVOKE_CALLBACK", data });
    else this.#bridge.send({ command: "WEBVIEW_INVOKE_CALLBACK", data, webviewID });
  }

  #listenToPhone(): void {
    const bridge = this.#bridge;
    bridge.on("background", () => this.background());
    bridge.on("foreground", () => this.foreground());
    bridge.on("destroy", () => this.destroy());
    bridge.on("restart", () => this.#restart());
    bridge.on("back", () => void this.#try({ kind: "navigateBack", delta: 1 }));
    bridge.on("home", () => void this.#try({ kind: "reLaunch", url: `/${this.#project.config.entryPage}` }));
    bridge.on("tab", (data) => this.#tabTapped(data));
    bridge.on("device", (data) => this.#deviceChanged(data));
    bridge.on("menuShare", () => void this.#share());
    bridge.on("watchBus", (data) => {
      this.#stopTraffic();
      const isWatched = isRecord(data) && data["isOn"] === true;
      this.#stopTraffic = isWatched
        ? reportTraffic(this.#options.session, (line) => this.#tellPhone("traffic", line))
        : () => {};
    });
    bridge.on("clearStorage", () => this.#writeStorage({}));
    bridge.on("sound", (data) => this.#tellService("onSoundChange", isRecord(data) ? data : {}));
    bridge.on("hubEvent", (data) => this.#tellService("onHubEvent", isRecord(data) ? data : {}));
  }

  /** The user may press a button twice: a route that is refused then is no error. */
  #try(request: RouteRequest): boolean {
    try {
      this.#go(request);
      return true;
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
      return false;
    }
  }

  #tabTapped(data: unknown): void {
    const index = isRecord(data) ? numberOf(data["index"]) : 0;
    const item = this.#project.config.tabBar?.list[index];
    if (item === undefined) return;
    if (this.#stack.pages.at(-1)?.path !== item.pagePath) this.#try({ kind: "switchTab", url: `/${item.pagePath}` });
    this.#tellPage("onTabItemTap", { index, pagePath: item.pagePath, text: item.text });
  }

  #deviceChanged(data: unknown): void {
    const before = this.#device;
    this.#device = parseDevice(data, before);
    const top = this.#stack.pages.at(-1);
    if (top === undefined) return;
    this.#tellService("onSystemChange", this.#system(top.path));
    if (before.theme === this.#device.theme) return;
    this.#tellPhone("window", { window: this.#window(top.path) });
    this.#bridge.send({
      command: "WEBVIEW_ON_EVENT",
      data: { eventName: "theme", data: { theme: this.#project.config.darkmode ? this.#device.theme : "light" } },
    });
  }
}

function notSupported(): never {
  throw new HostFailure("not supported");
}
