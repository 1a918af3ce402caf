import { randomBytes } from "node:crypto";
import type { BusSession } from "../bus/bus-session.ts";
import { connectInMemory } from "../bus/memory-bus.ts";
import type { Clock } from "../clock.ts";
import type { CompiledProject } from "../compiler/compiled-project.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import type { Launch } from "../service/launch.ts";
import type { HostMap } from "./address-guard.ts";
import type { ApiArguments, ApiTable } from "./api-table.ts";
import { DEFAULT_DEVICE, type Device, parseDevice } from "./device.ts";
import { HostFailure } from "./host-failure.ts";
import { HostLink } from "./host-link.ts";
import { HttpTransfers, type NetworkEntry } from "./http-transfers.ts";
import { LifeCycle, type RunState } from "./life-cycle.ts";
import { OpenPages } from "./open-pages.ts";
import type { PageStack } from "./page-stack.ts";
import { PHONE_APIS, QUIET_APIS } from "./phone-api.ts";
import { SocketProxy } from "./socket-proxy.ts";
import { TemporaryFiles } from "./temporary-files.ts";
import { reportTraffic } from "./traffic.ts";
import { userApi } from "./user-api.ts";
import { UserFiles } from "./user-files.ts";
import type { WechatAccount } from "./wechat-accounts.ts";

/** What one running mini-program needs. */
export interface MiniProgramOptions {
  readonly clock: Clock;
  readonly session: BusSession;
  readonly project: CompiledProject;
  readonly map: HostMap;
  readonly account: WechatAccount;
  /** The storage, shared by all starts on one phone; each value as JSON. */
  readonly storage: Map<string, string>;
  /** Files that outlive this run. @defaultValue files of this run only */
  readonly userFiles?: UserFiles;
  readonly device?: Device;
  /** Address of the page to start with. @defaultValue the entry page of the project */
  readonly startUrl?: string;
}

/**
 * The host's side of one running mini-program: page stack, life cycle, network, storage and user. The phone
 * shows what it says, the logic layer does what it says.
 */
export class MiniProgram {
  /** Files of this run. */
  readonly files: TemporaryFiles;
  readonly #options: MiniProgramOptions;
  readonly #link: HostLink;
  readonly #life: LifeCycle;
  readonly #pages: OpenPages;
  readonly #transfers: HttpTransfers;
  readonly #sockets: SocketProxy;
  #project: CompiledProject;
  #stopTraffic = (): void => {};

  /** Takes the place of the host on the bus. Nothing starts before a logic layer asks for it. */
  constructor(options: MiniProgramOptions) {
    const { clock, map, project, session, startUrl, device = DEFAULT_DEVICE } = options;
    this.#options = options;
    this.#project = project;
    this.files = new TemporaryFiles(options.userFiles ?? new UserFiles());
    this.#life = new LifeCycle({ clock, changed: (state, before) => this.#changed(state, before) });
    const link = new HostLink(connectInMemory(session, "HOST"), () => this.state !== "destroyed");
    this.#link = link;
    const forgetView = (id: number): void => session.forget(`WEBVIEW_${id}`);
    this.#pages = new OpenPages({ link, clock, project, map, device, startUrl, forgetView });
    const network = {
      ...{ map, clock, files: this.files },
      referer: `https://servicewechat.com/${project.config.appId}/devtools/page-frame.html`,
      log: (entry: NetworkEntry) => link.tellPhone("network", entry),
    };
    this.#transfers = new HttpTransfers({
      ...network,
      report: (change) => link.tellService("onTransferStateChange", change),
    });
    this.#sockets = new SocketProxy({
      ...network,
      report: (change) => link.tellService("onSocketTaskStateChange", change),
    });
    link.answer(this.#apis());
    this.#listenToPhone();
  }

  /** What the mini-program is doing. */
  get state(): RunState {
    return this.#life.state;
  }

  /** The pages that are open. */
  get stack(): PageStack {
    return this.#pages.stack;
  }

  /** Takes another build of the project: everything starts again. */
  reload(project: CompiledProject): void {
    this.#project = project;
    this.#restart();
  }

  /** Writes a line to the console of the phone. */
  warn(text: string): void {
    this.#link.tellPhone("console", { level: "warn", text });
  }

  /** Shows what is wrong with the project in the place of its pages. */
  showErrors(errors: readonly string[]): void {
    this.#link.tellPhone("compileErrors", { errors });
  }

  /** Goes to the background: after five seconds the logic layer stops and its sockets are cut. */
  background(): void {
    this.#life.background();
  }

  /** Comes back: goes on where it was, or starts again when it was destroyed. */
  foreground(): void {
    this.#life.foreground();
  }

  /** Ends the mini-program as WeChat does when memory is short or half an hour has passed. */
  destroy(): void {
    this.#life.destroy();
  }

  /** Ends transfers, sockets and timers. */
  close(): void {
    this.#life.close();
    this.#pages.close();
    this.#stopTraffic();
    this.#cutNetwork();
  }

  #changed(state: RunState, before: RunState): void {
    const link = this.#link;
    switch (state) {
      case "running":
        this.#return(before);
        break;
      case "background":
        link.tellService("onAppEnterBackground", {});
        break;
      case "suspended":
        this.#cutNetwork();
        link.tellService("onAppRunningStatusChange", { status: "suspended" });
        break;
      case "destroyed":
        this.#end();
        link.tellPhone("destroyed", {});
        break;
      default:
        state satisfies never;
    }
    link.tellPhone("state", { state });
  }

  #return(before: RunState): void {
    if (before === "destroyed") {
      this.#restart();
      return;
    }
    if (before === "suspended") this.#link.tellService("onAppRunningStatusChange", { status: "active" });
    this.#link.tellService("onAppEnterForeground", this.#pages.returned());
  }

  #restart(): void {
    this.#life.restart();
    this.#end();
    this.#link.tellPhone("restart", {});
  }

  /** The logic layer and its pages are gone. */
  #end(): void {
    this.#cutNetwork();
    this.files.clear();
    this.#pages.reset(this.#project);
    this.#options.session.forget("APPSERVICE");
  }

  #cutNetwork(): void {
    this.#transfers.interrupt("interrupted");
    this.#sockets.interrupt();
  }

  #apis(): ApiTable {
    const link = this.#link;
    const ask =
      (api: string) =>
      (args: ApiArguments): Promise<object> =>
        link.askPhone(api, args);
    return {
      launch: () => ({ launch: this.#launch() }),
      consoleLine: (args) => link.tellPhone("console", args),
      writeStorage: (args) => this.#writeStorage(args),
      readFile: ({ filePath }) => this.#readFile(textOf(filePath)),
      keepFile: ({ base64, type }) => ({
        tempFilePath: this.files.add({ bytes: Buffer.from(textOf(base64), "base64"), type: textOf(type) }),
      }),
      getImageInfo: ask("getImageInfo"),
      getNetworkType: () => ({ networkType: "wifi" }),
      getLocation: () => ({ latitude: 39.9, longitude: 116.4, speed: 0, accuracy: 65, altitude: 0 }),
      getRandomValues: ({ length }) => ({
        randomValues: { base64: randomBytes(Math.min(1_048_576, numberOf(length))).toString("base64") },
      }),
      getBatteryInfo: () => ({ level: 100, isCharging: true }),
      exitMiniProgram: () => this.background(),
      share: () => this.#share(),
      ...Object.fromEntries(QUIET_APIS.map((name) => [name, () => ({})])),
      ...Object.fromEntries(PHONE_APIS.map((name) => [name, ask(name)])),
      ...userApi({
        account: this.#options.account,
        reasonFor: (scope) => this.#project.config.permissions[scope] ?? "",
        ask: (api, args) => link.askPhone(api, args),
      }),
      ...this.#transfers.api,
      ...this.#sockets.api,
      ...this.#pages.api,
      ...this.files.user.api,
    };
  }

  #launch(): Launch {
    this.#showStorage();
    return {
      project: this.#project,
      ...this.#pages.launch(),
      storage: Object.fromEntries(this.#options.storage),
      userFiles: this.files.user.all(),
    };
  }

  #writeStorage({ key, value }: ApiArguments): void {
    const { storage } = this.#options;
    if (typeof key !== "string") storage.clear();
    else if (typeof value === "string") storage.set(key, value);
    else storage.delete(key);
    this.#showStorage();
  }

  #showStorage(): void {
    this.#link.tellPhone("storage", Object.fromEntries(this.#options.storage));
  }

  #readFile(path: string): object {
    const file = this.files.get(path);
    if (file === undefined) throw new HostFailure(`no such file or directory, open ${path}`);
    return { data: { base64: Buffer.from(file.bytes).toString("base64") } };
  }

  async #share(): Promise<object> {
    const value = await this.#link.askPage(this.#pages.topId, "onShareAppMessage", { from: "button" });
    return this.#link.askPhone("shareAppMessage", isRecord(value) ? value : {});
  }

  #watchBus(isWatched: boolean): void {
    this.#stopTraffic();
    this.#stopTraffic = isWatched
      ? reportTraffic(this.#options.session, (line) => this.#link.tellPhone("traffic", line))
      : () => {};
  }

  #listenToPhone(): void {
    const link = this.#link;
    const pages = this.#pages;
    link.onPhone("background", () => this.background());
    link.onPhone("foreground", () => this.foreground());
    link.onPhone("destroy", () => this.destroy());
    link.onPhone("restart", () => this.#restart());
    link.onPhone("back", () => pages.back());
    link.onPhone("home", () => pages.home());
    link.onPhone("tab", ({ index }) => pages.tapTab(numberOf(index)));
    link.onPhone("device", (data) => pages.setDevice(parseDevice(data, pages.device)));
    link.onPhone("menuShare", () => void this.#share());
    link.onPhone("watchBus", ({ isOn }) => this.#watchBus(isOn === true));
    link.onPhone("clearStorage", () => {
      this.#writeStorage({});
      link.tellService("onStorageCleared", {});
    });
    link.onPhone("sound", (data) => link.tellService("onSoundChange", data));
    link.onPhone("hubEvent", (data) => link.tellService("onHubEvent", data));
  }
}
