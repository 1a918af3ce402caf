import type { Clock } from "../clock.ts";
import type { CompiledProject, TabBar } from "../compiler/compiled-project.ts";
import { numberOf, textOf } from "../is-record.ts";
import type { LaunchOptions, RouteEvent, SystemInfo } from "../service/launch.ts";
import type { HostMap } from "./address-guard.ts";
import type { ApiHandler, ApiTable } from "./api-table.ts";
import { type Device, systemInfoOf } from "./device.ts";
import { HostFailure } from "./host-failure.ts";
import type { HostLink } from "./host-link.ts";
import { EMPTY_STACK, type PageStack, route, type RouteRequest, type StackPage } from "./page-stack.ts";
import { parsePageUrl } from "./page-url.ts";
import { type PageWindow, pageWindowOf } from "./page-window.ts";

/** How long a view that was closed may still send, in milliseconds. */
const VIEW_GRACE_MS = 5_000;
/** Scene of an ordinary start. */
const DEFAULT_SCENE = 1001;

/** What pages need. */
export interface OpenPagesOptions {
  readonly link: HostLink;
  readonly clock: Clock;
  readonly project: CompiledProject;
  /** Where hosts that the project names lead, which pictures need. */
  readonly map: HostMap;
  /** The phone at first. */
  readonly device: Device;
  /** Address of the page to start with; `undefined` for the entry page of the project. */
  readonly startUrl: string | undefined;
  /** A view will not send any more. */
  readonly forgetView: (webviewId: number) => void;
}

/** The pages of one mini-program: which are open, and how the phone shows them. */
export class OpenPages {
  readonly #options: OpenPagesOptions;
  readonly #cancels = new Set<() => void>();
  #project: CompiledProject;
  #device: Device;
  #stack: PageStack = EMPTY_STACK;

  /** Starts without a page. */
  constructor(options: OpenPagesOptions) {
    this.#options = options;
    this.#project = options.project;
    this.#device = options.device;
  }

  /** The pages that are open. */
  get stack(): PageStack {
    return this.#stack;
  }

  /** The phone that shows them. */
  get device(): Device {
    return this.#device;
  }

  /** Number of the page that can be seen, 0 when there is none. */
  get topId(): number {
    return this.#top?.webviewId ?? 0;
  }

  /** The calls of the logic layer and of views. */
  get api(): ApiTable {
    const to =
      (kind: "navigateTo" | "redirectTo" | "reLaunch" | "switchTab"): ApiHandler =>
      ({ url }) =>
        this.#go({ kind, url: textOf(url) });
    return {
      launched: () => this.#go({ kind: "appLaunch", url: this.#startUrl }),
      navigateTo: to("navigateTo"),
      redirectTo: to("redirectTo"),
      reLaunch: to("reLaunch"),
      switchTab: to("switchTab"),
      navigateBack: ({ delta }) => this.#go({ kind: "navigateBack", delta: numberOf(delta, 1) }),
      viewReady: ({ webviewId }) => this.#view(numberOf(webviewId)),
      startPullDownRefresh: () => this.#pullDown(true),
      stopPullDownRefresh: () => this.#pullDown(false),
      pulledDown: () => this.#options.link.tellPage(this.topId, "onPullDownRefresh"),
    };
  }

  /** What the logic layer is told of the first page. */
  launch(): { readonly system: SystemInfo; readonly options: LaunchOptions } {
    const { path, query } = parsePageUrl(this.#startUrl, undefined);
    return { system: this.#system(path), options: { path, query, scene: DEFAULT_SCENE } };
  }

  /** What the logic layer is told when the user comes back. */
  returned(): LaunchOptions {
    return { path: this.#top?.path ?? "", query: this.#top?.query ?? {}, scene: DEFAULT_SCENE };
  }

  /** All pages end; the next ones are those of `project`. */
  reset(project: CompiledProject): void {
    this.#forgetLater(this.#alive.map(({ webviewId }) => webviewId));
    this.#project = project;
    this.#stack = { ...EMPTY_STACK, nextId: this.#stack.nextId };
  }

  /** Ends its timers. */
  close(): void {
    for (const cancel of this.#cancels) cancel();
  }

  /** The user goes to the page below. A press too many is no error, here and in the next two. */
  back(): void {
    this.#try({ kind: "navigateBack", delta: 1 });
  }

  /** The user goes to the entry page. */
  home(): void {
    this.#try({ kind: "reLaunch", url: `/${this.#project.config.entryPage}` });
  }

  /** The user taps a tab. */
  tapTab(index: number): void {
    const item = this.#project.config.tabBar?.list[index];
    if (item === undefined) return;
    const { pagePath, text } = item;
    if (this.#top?.path !== pagePath) this.#try({ kind: "switchTab", url: `/${pagePath}` });
    this.#options.link.tellPage(this.topId, "onTabItemTap", { index, pagePath, text });
  }

  /** The phone is another one, or has another appearance. */
  setDevice(device: Device): void {
    const before = this.#device;
    this.#device = device;
    const top = this.#top;
    if (top === undefined) return;
    const { link } = this.#options;
    link.tellService("onSystemChange", this.#system(top.path));
    for (const page of this.#alive) link.tellView(page.webviewId, "theme", this.#look(page));
    if (before.theme !== device.theme) link.tellPhone("window", { windows: this.#windows(), ...this.#tabBar() });
  }

  get #top(): StackPage | undefined {
    return this.#stack.pages.at(-1);
  }

  get #alive(): readonly StackPage[] {
    return [...this.#stack.pages, ...this.#stack.tabs];
  }

  get #startUrl(): string {
    return this.#options.startUrl ?? `/${this.#project.config.entryPage}`;
  }

  /** What the project may know: one without a dark appearance is always light. */
  get #theme(): "dark" | "light" {
    return this.#project.config.darkmode ? this.#device.theme : "light";
  }

  #go(request: RouteRequest): void {
    const { link } = this.#options;
    const outcome = route(this.#stack, request, this.#project.config);
    if (outcome.kind === "refused") throw new HostFailure(outcome.reason);
    const { stack, event } = outcome;
    this.#stack = stack;
    link.tellPhone("route", { ...event, window: this.#window(event.path), ...this.#tab(event), ...this.#tabBar() });
    link.tellService("onSystemChange", this.#system(event.path));
    link.tellService("onAppRoute", event);
    this.#forgetLater(event.unload);
  }

  #forgetLater(webviewIds: readonly number[]): void {
    if (webviewIds.length === 0) return;
    const { clock, forgetView } = this.#options;
    const cancel = clock.after(VIEW_GRACE_MS, () => {
      this.#cancels.delete(cancel);
      for (const id of webviewIds) forgetView(id);
    });
    this.#cancels.add(cancel);
  }

  #try(request: RouteRequest): void {
    try {
      this.#go(request);
    } catch (error) {
      if (!(error instanceof HostFailure)) throw error;
    }
  }

  #tab({ path }: RouteEvent): { readonly tab: number } {
    return { tab: this.#project.config.tabBar?.list.findIndex(({ pagePath }) => pagePath === path) ?? -1 };
  }

  #tabBar(): { readonly tabBar?: TabBar } {
    const { tabBar, darkTabBar } = this.#project.config;
    const shown = this.#theme === "dark" ? (darkTabBar ?? tabBar) : tabBar;
    return shown === undefined ? {} : { tabBar: shown };
  }

  #hasTabBar(path: string): boolean {
    const { tabBar } = this.#project.config;
    return tabBar?.custom === false && tabBar.list.some(({ pagePath }) => pagePath === path);
  }

  #window(path: string): PageWindow {
    return pageWindowOf(this.#project, path, this.#device.theme);
  }

  #windows(): Readonly<Record<string, PageWindow>> {
    return Object.fromEntries(this.#alive.map(({ webviewId, path }) => [webviewId, this.#window(path)]));
  }

  #system(path: string): SystemInfo {
    const hasNavigationBar = this.#window(path).navigationStyle === "default";
    return systemInfoOf(
      { ...this.#device, theme: this.#theme },
      { hasNavigationBar, hasTabBar: this.#hasTabBar(path) },
    );
  }

  #view(webviewId: number): object {
    const page = this.#alive.find((one) => one.webviewId === webviewId);
    const path = page?.path ?? "";
    const map = Object.fromEntries(this.#options.map);
    return { path, styles: this.#project.styles, map, ...this.#look({ path }) };
  }

  #look({ path }: Pick<StackPage, "path">): object {
    return { theme: this.#theme, insets: this.#insets(path), window: this.#window(path) };
  }

  /** What a page must keep free: a bar of the phone covers the part that is not safe. */
  #insets(path: string): object {
    const isCustom = this.#window(path).navigationStyle === "custom";
    const { statusBarHeight, bottomInset } = this.#device;
    return { top: isCustom ? statusBarHeight : 0, bottom: this.#hasTabBar(path) ? 0 : bottomInset };
  }

  #pullDown(isShown: boolean): void {
    const { link } = this.#options;
    link.tellView(this.topId, "pullDown", { isShown });
    if (isShown) link.tellPage(this.topId, "onPullDownRefresh");
  }
}
