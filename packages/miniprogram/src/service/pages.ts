import type { GeneralComponent } from "glass-easel";
import type { AssociatedBackend, Root } from "glass-easel-miniprogram-adapter";
import { CUSTOM_TAB_BAR } from "../compiler/compiled-project.ts";
import { isRecord } from "../is-record.ts";
import type { RouteEvent } from "./launch.ts";
import type { Registry } from "./registry.ts";
import { ViewContext, type ViewEnvironment } from "./view-context.ts";

/** A page's instance, as its own script sees it. */
export type PageInstance = Record<string, unknown>;

/** One page on the stack. */
export interface OpenPage {
  /** Number of the page. */
  readonly webviewId: number;
  /** Path of the page, without a leading slash. */
  readonly path: string;
  /** Parameters of the address. */
  readonly query: Readonly<Record<string, string>>;
  readonly context: ViewContext;
  readonly component: GeneralComponent;
  readonly instance: PageInstance;
  /** Ends the page's nodes. */
  close(): void;
}

/** What pages need. */
export interface PagesOptions {
  readonly registry: Registry;
  /** What the pages share. */
  readonly views: ViewEnvironment;
  /** Whether the page registers itself with `Component`. */
  isComponent(path: string): boolean;
  /** Whether the page shows the project's own tab bar. */
  hasOwnTabBar(path: string): boolean;
  /** Called with each new page, before any of its functions. */
  opened(page: OpenPage, event: RouteEvent): void;
  /** Gets what the functions of a page throw. */
  failed(error: unknown): void;
}

/** The pages of a mini-program, and when their functions run. */
export class Pages {
  readonly #options: PagesOptions;
  readonly #pages = new Map<number, OpenPage>();
  #stack: readonly number[] = [];
  #shown: number | undefined;

  /** Starts without a page. */
  constructor(options: PagesOptions) {
    this.#options = options;
  }

  /** The pages on the stack, the top one last. */
  get current(): readonly OpenPage[] {
    return this.#stack.flatMap((id) => this.#pages.get(id) ?? []);
  }

  /** The page that can be seen. */
  get top(): OpenPage | undefined {
    return this.current.at(-1);
  }

  /** The page of a view, also of a tab that is not on the stack; `undefined` for no view. */
  page(webviewId: number | undefined): OpenPage | undefined {
    return webviewId === undefined ? undefined : this.#pages.get(webviewId);
  }

  /** Carries out a change of the stack. */
  route(event: RouteEvent): void {
    const { webviewId, unload } = event;
    if (this.#shown !== undefined && this.#shown !== webviewId && !unload.includes(this.#shown)) this.hide();
    for (const id of unload) this.#unload(id);
    this.#stack = event.stack;
    const known = this.#pages.get(webviewId);
    const page = known ?? this.#open(event);
    if (known === undefined) this.call(page, "onLoad", { ...event.query });
    this.show();
    if (known === undefined) page.context.render(() => this.#ready(page));
  }

  /** The top page can be seen. */
  show(): void {
    const page = this.top;
    if (page === undefined || this.#shown === page.webviewId) return;
    this.#shown = page.webviewId;
    this.call(page, "onShow");
    page.component.triggerPageLifetime("show", []);
  }

  /** The page that was seen cannot be seen. */
  hide(): void {
    const page = this.#shown === undefined ? undefined : this.#pages.get(this.#shown);
    this.#shown = undefined;
    if (page === undefined) return;
    this.call(page, "onHide");
    page.component.triggerPageLifetime("hide", []);
  }

  /** Calls a function of a page, and gives what it returns; nothing happens when it has none of that name. */
  call(page: OpenPage, name: string, argument?: unknown): unknown {
    const method = page.instance[name];
    if (typeof method !== "function") return undefined;
    try {
      return Reflect.apply(method, page.instance, argument === undefined ? [] : [argument]);
    } catch (error) {
      this.#options.failed(error);
      return undefined;
    }
  }

  /** Ends all pages. */
  close(): void {
    for (const id of [...this.#pages.keys()].toReversed()) this.#unload(id);
  }

  #ready(page: OpenPage): void {
    if (this.#pages.get(page.webviewId) === page) this.call(page, "onReady");
  }

  #unload(webviewId: number): void {
    const page = this.#pages.get(webviewId);
    if (page === undefined) return;
    this.call(page, "onUnload");
    this.#pages.delete(webviewId);
    if (this.#shown === webviewId) this.#shown = undefined;
    page.close();
  }

  /** A tab bar that the project draws itself lives beside the page, in the same view. */
  #createTabBar(backend: AssociatedBackend): Root {
    const { registry } = this.#options;
    registry.register(CUSTOM_TAB_BAR);
    return backend.createRoot("custom-tab-bar", registry.space, CUSTOM_TAB_BAR);
  }

  #open(event: RouteEvent): OpenPage {
    const { webviewId, path, query } = event;
    const { registry, views } = this.#options;
    registry.register(path);
    const context = new ViewContext(webviewId, views);
    const backend = registry.environment.associateBackend(context);
    const url = this.#options.isComponent(path) ? withQuery(path, query) : path;
    const root = backend.createRoot("page-host", registry.space, url);
    const component = root.getComponent();
    const caller: unknown = root.get();
    const instance: PageInstance = isRecord(caller) ? caller : {};
    Object.assign(instance, { route: path, __route__: path, options: { ...query }, __webviewId__: webviewId });
    const tabBar = this.#options.hasOwnTabBar(path) ? this.#createTabBar(backend) : undefined;
    const roots = tabBar === undefined ? [root] : [tabBar, root];
    const page = { webviewId, path, query, context, component, instance, close: () => closePage(roots, context) };
    if (tabBar !== undefined) instance["getTabBar"] = () => tabBar.get();
    this.#pages.set(webviewId, page);
    this.#options.opened(page, event);
    for (const one of roots.toReversed()) attach(one, context);
    for (const [method, type] of VIEW_LISTENERS) {
      if (typeof instance[method] === "function") context.write(["listen", 0, type, false]);
    }
    return page;
  }
}

/** Puts a tree at the end of the page's body. */
function attach(root: Root, context: ViewContext): void {
  const body = context.getRootNode();
  const placeholder = context.createElement("wx-x", "placeholder");
  body.appendChild(placeholder);
  root.attach(body, placeholder);
}

/** Reports of a view that cost something: a view sends them only when the page has a function for them. */
const VIEW_LISTENERS = [
  ["onPageScroll", "pageScroll"],
  ["onReachBottom", "reachBottom"],
] as const;

function closePage(roots: readonly Root[], context: ViewContext): void {
  for (const root of roots) root.release();
  context.flush();
  context.destroy();
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  return text === "" ? path : `${path}?${text}`;
}
