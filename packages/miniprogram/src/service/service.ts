import { addGlobalErrorListener, type GeneralComponent, removeGlobalErrorListener } from "glass-easel";
import { Bridge } from "../bus/bridge.ts";
import type { BusClient } from "../bus/bus.ts";
import { type DomOperation, VIEW_EVENTS } from "../bus/dom-operation.ts";
import type { InvokeResult } from "../bus/message.ts";
import type { Clock } from "../clock.ts";
import { CUSTOM_TAB_BAR } from "../compiler/compiled-project.ts";
import { isRecord, textOf } from "../is-record.ts";
import { AppInstance } from "./app.ts";
import { type ConsoleLine, createConsole, describe } from "./console.ts";
import { EventChannel, listenTo } from "./event-channel.ts";
import { FreezableBus, RUNNING_STATUS_EVENT } from "./freezable-bus.ts";
import { FreezableTimers } from "./freezable-timers.ts";
import type { Launch, RouteEvent, SystemInfo } from "./launch.ts";
import { PageData } from "./page-data.ts";
import { PageEvents } from "./page-events.ts";
import { type OpenPage, Pages } from "./pages.ts";
import { prepareRealm } from "./realm.ts";
import { Registry } from "./registry.ts";
import { contextOf } from "./selector-query.ts";
import { EventHub } from "./wx/event-hub.ts";
import { createWx, type Wx } from "./wx/wx.ts";
import { unsupported } from "./wx/unsupported.ts";

/** What the logic layer needs of its surroundings. */
export interface ServiceOptions {
  /** The end of the bus that is called APPSERVICE; closed together with the service. */
  readonly bus: BusClient;
  readonly clock: Clock;
  /** Where lines of the project's console also go. @defaultValue nowhere */
  readonly console?: Partial<Console>;
}

/** A running logic layer. */
export interface Service {
  /** Ends the pages and the link to the bus. */
  close(): Promise<void>;
}

/**
 * Runs the logic layer of a mini-program: in a Worker, or in plain Node. Resolves when app.js has run; pages
 * open when the host says so.
 *
 * @example
 * const service = await startService({ bus: connectInMemory(session, "APPSERVICE"), clock: systemClock });
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  prepareRealm();
  const bus = new FreezableBus(options.bus);
  const bridge = new Bridge(bus);
  const launched = await bridge.invoke("APPSERVICE_INVOKE", "launch", {});
  if (!isLaunch(launched["launch"])) throw new Error(`the host did not launch the mini-program: ${launched.errMsg}`);
  return new LogicLayer({ ...options, bus, bridge, launch: launched["launch"] });
}

/** The host is part of this package: that its answer is there says enough. */
function isLaunch(value: unknown): value is Launch {
  return isRecord(value) && isRecord(value["project"]) && isRecord(value["system"]);
}

interface LogicLayerOptions extends ServiceOptions {
  readonly bus: FreezableBus;
  readonly bridge: Bridge;
  readonly launch: Launch;
}

class LogicLayer implements Service {
  readonly #options: LogicLayerOptions;
  readonly #bridge: Bridge;
  readonly #hub: EventHub;
  readonly #timers: FreezableTimers;
  readonly #app: AppInstance;
  readonly #wx: Wx;
  readonly #registry: Registry;
  readonly #pages: Pages;
  readonly #data: PageData;
  readonly #reportError: (error: unknown, method?: string, component?: GeneralComponent | string) => boolean;
  #system: SystemInfo;
  #channel: EventChannel | undefined;
  #isTellingError = false;

  constructor(options: LogicLayerOptions) {
    this.#options = options;
    const { bridge, clock, launch } = options;
    this.#bridge = bridge;
    this.#system = launch.system;
    const failed = (error: unknown): void => this.#failed(error);
    this.#hub = new EventHub(failed);
    this.#timers = new FreezableTimers(clock, failed);
    this.#app = new AppInstance(launch.options, failed);
    this.#wx = createWx({
      launch,
      hub: this.#hub,
      invoke: (api, args) => this.#invoke(api, args),
      system: () => this.#system,
      topPage: () => this.#pages.top,
      warn: (text) => this.#write({ level: "warn", text }),
    });
    this.#registry = new Registry(launch.project, this.#scope(), (error, path) => this.#failed(error, `in ${path}`));
    this.#pages = this.#createPages();
    this.#data = new PageData(this.#pages, bridge);
    this.#reportError = (error, method, component) => this.#frameworkFailed(error, method, component);
    addGlobalErrorListener(this.#reportError);
    this.#listen();
    // Asked for before the app runs: a page that its `onLaunch` opens comes after the first one.
    void this.#invoke("launched", {}).then((result) => this.#launched(result));
    this.#registry.loadApp();
    this.#app.show();
  }

  async close(): Promise<void> {
    this.#pages.close();
    this.#timers.clear();
    removeGlobalErrorListener(this.#reportError);
    await this.#options.bus.close();
  }

  #scope(): Readonly<Record<string, unknown>> {
    const warn = (text: string): void => this.#write({ level: "warn", text });
    return {
      wx: this.#wx.api,
      App: (definition: unknown) => this.#app.define(definition),
      getApp: () => this.#app.instance,
      getCurrentPages: () => this.#pages.current.map(({ instance }) => instance),
      console: createConsole((line) => this.#write(line), this.#options.console ?? {}),
      ...this.#timers.scope,
      global: {},
      requirePlugin: () => unsupported("requirePlugin", warn),
      requireMiniProgram: () => unsupported("requireMiniProgram", warn),
      __wxConfig: { envVersion: "develop", appId: this.#options.launch.project.config.appId },
    };
  }

  #createPages(): Pages {
    const warned = new Set<string>();
    const views = {
      warn: (text: string) => {
        if (!warned.has(text)) this.#write({ level: "warn", text });
        warned.add(text);
      },
      send: (webviewId: number, operations: readonly DomOperation[]) =>
        this.#bridge.publish(VIEW_EVENTS.operations, operations, webviewId),
      scopeName: (scope: number) => this.#registry.space.getComponentSpace().styleScopeManager.queryName(scope) ?? "",
      window: this.#window,
      theme: this.#system.theme,
      hasDatasetStyles: Object.values(this.#options.launch.project.styles).some((text) => text.includes("[data-")),
    };
    return new Pages({
      registry: this.#registry,
      views,
      isComponent: (path) => this.#registry.isComponent(path),
      hasOwnTabBar: (path) => this.#hasOwnTabBar(path),
      opened: (page, { openType }) => this.#giveChannel(page, openType),
      failed: (error) => this.#failed(error),
    });
  }

  #hasOwnTabBar(path: string): boolean {
    const { config, components } = this.#options.launch.project;
    const isTab = config.tabBar?.list.some(({ pagePath }) => pagePath === path) === true;
    return isTab && config.tabBar?.custom === true && Object.hasOwn(components, CUSTOM_TAB_BAR);
  }

  /** A page that another one opened has a channel to it; for others the channel leads nowhere. */
  #giveChannel(page: OpenPage, openType: RouteEvent["openType"]): void {
    const channel = openType === "navigateTo" ? this.#channel : undefined;
    this.#channel = undefined;
    const own = channel ?? EventChannel.pair()[0];
    page.instance["getOpenerEventChannel"] = () => own;
  }

  get #window() {
    const { windowWidth, windowHeight, pixelRatio } = this.#system;
    return { width: windowWidth, height: windowHeight, pixelRatio };
  }

  #listen(): void {
    const bridge = this.#bridge;
    // Sent by the host of this package, which makes nothing else.
    bridge.on("onAppRoute", (data) => this.#guard(() => this.#pages.route(data as RouteEvent)));
    bridge.on("onAppEnterForeground", (data) => this.#foreground(data));
    bridge.on("onAppEnterBackground", () => this.#background());
    bridge.on(RUNNING_STATUS_EVENT, (data) => this.#statusChanged(data));
    bridge.on("onTransferStateChange", (data) => this.#guard(() => this.#wx.transfers.changed(data)));
    bridge.on("onSocketTaskStateChange", (data) => this.#guard(() => this.#wx.sockets.changed(data)));
    bridge.on("onSoundChange", (data) => this.#guard(() => this.#wx.soundChanged(data)));
    bridge.on("onStorageCleared", () => this.#wx.storage.forget());
    bridge.on("onSystemChange", (data) => this.#systemChanged(data));
    bridge.on("onHubEvent", (data) => {
      if (isRecord(data)) this.#hub.emit(textOf(data["name"]), data["value"]);
    });
    const events = new PageEvents({
      pages: this.#pages,
      isFormField: (component) => this.#registry.isFormField(component),
      answer: (result) => void this.#invoke("pageEventResult", result),
    });
    bridge.on("onPageEvent", (data, id) => events.phoneEvent(data, id));
    bridge.on(VIEW_EVENTS.event, (data, id) => {
      events.viewEvent(data, id);
      this.#data.changed();
    });
    bridge.on(VIEW_EVENTS.answer, (data, id) => this.#guard(() => this.#pages.page(id)?.context.answered(data)));
    bridge.on(VIEW_EVENTS.intersection, (data, id) =>
      this.#guard(() => this.#pages.page(id)?.context.intersected(data)),
    );
    bridge.on(VIEW_EVENTS.pageScroll, (data, id) => events.scrolled(data, id));
    this.#data.listen();
  }

  #launched({ errMsg }: InvokeResult): void {
    if (errMsg.endsWith(":ok")) return;
    this.#write({ level: "error", text: errMsg });
    const { path, query } = this.#options.launch.options;
    const page = { path, query, isEntryPage: true };
    this.#app.call("onPageNotFound", page);
    this.#hub.emit("PageNotFound", page);
  }

  #foreground(data: unknown): void {
    this.#app.show(isRecord(data) ? data : undefined);
    this.#hub.emit("AppShow", data);
    this.#pages.show();
  }

  #background(): void {
    this.#pages.hide();
    this.#app.hide();
    this.#hub.emit("AppHide");
  }

  #statusChanged(data: unknown): void {
    const isSuspended = isRecord(data) && data["status"] === "suspended";
    if (isSuspended) {
      this.#timers.freeze();
      this.#options.bus.freeze();
    } else {
      this.#timers.thaw();
      this.#options.bus.thaw();
    }
  }

  #systemChanged(data: unknown): void {
    if (!isRecord(data)) return;
    const before = this.#system;
    this.#system = { ...before, ...data };
    if (before.theme !== this.#system.theme) this.#hub.emit("ThemeChange", { theme: this.#system.theme });
    if (before.windowWidth === this.#system.windowWidth && before.windowHeight === this.#system.windowHeight) return;
    const { windowWidth, windowHeight } = this.#system;
    const size = { size: { windowWidth, windowHeight } };
    this.#hub.emit("WindowResize", size);
    const page = this.#pages.top;
    if (page === undefined) return;
    this.#pages.call(page, "onResize", size);
    page.component.triggerPageLifetime("resize", [size]);
  }

  #invoke(api: string, args: unknown) {
    if (api !== "navigateTo") return this.#bridge.invoke("APPSERVICE_INVOKE", api, args);
    const [opener, opened] = EventChannel.pair();
    this.#channel = opened;
    if (isRecord(args)) listenTo(opener, args["events"]);
    return this.#bridge.invoke("APPSERVICE_INVOKE", api, args).then((result) => ({ ...result, eventChannel: opener }));
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#failed(error);
    }
    this.#data.changed();
  }

  /** One realm may run several services, as tests do: each reports what happens in its own pages. */
  #frameworkFailed(error: unknown, method?: string, component?: GeneralComponent | string): boolean {
    const context = typeof component === "object" ? contextOf(component) : undefined;
    const isOwn = context === undefined || this.#pages.page(context.webviewId)?.context === context;
    if (isOwn) this.#failed(error, method);
    return false;
  }

  #failed(error: unknown, where?: string): void {
    const text = describe(error);
    this.#options.console?.error?.(error);
    this.#write({ level: "error", text: where === undefined ? text : `${text} (${where})` });
    // What those who hear of errors throw themselves is written, and not told to them again.
    if (this.#isTellingError) return;
    this.#isTellingError = true;
    this.#app.call("onError", text);
    this.#hub.emit("Error", { message: text, stack: "" });
    this.#isTellingError = false;
  }

  #write(line: ConsoleLine): void {
    void this.#bridge.invoke("APPSERVICE_INVOKE", "consoleLine", line);
  }
}
