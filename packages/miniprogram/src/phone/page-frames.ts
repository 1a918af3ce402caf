import { isRecord, numberOf, textOf } from "../is-record.ts";
import { make } from "./dom.ts";
import { NavigationBar } from "./navigation-bar.ts";

/** A change of the page stack, as the host announces it. */
export interface PhoneRoute {
  /** What the application asked for. */
  readonly openType: string;
  /** Number of the page. */
  readonly webviewId: number;
  /** Path of the page, without a leading slash. */
  readonly path: string;
  /** Pages that end. */
  readonly unload: readonly number[];
  /** Pages afterwards, the top one last. */
  readonly stack: readonly number[];
  /** Settings of the page. */
  readonly window: Readonly<Record<string, unknown>>;
  /** Place in the tab bar, -1 for pages that are no tab. */
  readonly tab: number;
}

/** Reads what the host announces. */
export function parseRoute(data: unknown): PhoneRoute | undefined {
  if (!isRecord(data)) return undefined;
  const numbers = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);
  return {
    openType: textOf(data["openType"]),
    webviewId: numberOf(data["webviewId"]),
    path: textOf(data["path"]),
    unload: numbers(data["unload"]),
    stack: numbers(data["stack"]),
    window: isRecord(data["window"]) ? data["window"] : {},
    tab: numberOf(data["tab"], -1),
  };
}

/** What page frames need of the phone. */
export interface PageFramesOptions {
  /** Address of the frame of a page. */
  readonly address: (webviewId: number) => string;
  /** Texts in the language of the phone. */
  readonly words: { readonly back: string; readonly home: string };
  /** Goes to the page below. */
  readonly back: () => void;
  /** Goes to the entry page. */
  readonly home: () => void;
}

interface PageFrame {
  readonly webviewId: number;
  readonly path: string;
  readonly element: HTMLElement;
  readonly bar: NavigationBar;
}

/** How long a page slides, in milliseconds. */
const SLIDE_MS = 260;

/** The pages on the phone, one frame each, and how they come and go. */
export class PageFrames {
  /** Where they are drawn. */
  readonly element = make("div", { class: "pages" });
  readonly #options: PageFramesOptions;
  readonly #frames = new Map<number, PageFrame>();
  #top: PageFrame | undefined;

  /** Starts without a page. */
  constructor(options: PageFramesOptions) {
    this.#options = options;
  }

  /** The bar of the page that is seen. */
  get bar(): NavigationBar | undefined {
    return this.#top?.bar;
  }

  /** Path of the page that is seen. */
  get path(): string {
    return this.#top?.path ?? "";
  }

  /** Carries out a change. */
  route(route: PhoneRoute): void {
    const before = this.#top;
    const frame = this.#frames.get(route.webviewId) ?? this.#open(route);
    frame.element.classList.toggle("tab", route.tab >= 0);
    frame.element.style.zIndex = String(route.tab >= 0 ? 1 : 2 + route.stack.length);
    this.#top = frame;
    before?.element.classList.remove("top");
    frame.element.classList.add("top");
    const gone = route.unload.flatMap((id) => this.#frames.get(id) ?? []);
    for (const one of gone) this.#frames.delete(one.webviewId);
    const isPush = route.openType === "navigateTo";
    const isPop = route.openType === "navigateBack";
    frame.element.classList.remove("hidden");
    if (before === undefined || before === frame || (!isPush && !isPop)) this.#settle(frame, gone);
    else this.#slide(frame, before, { isPush, gone });
  }

  /** Shows other settings of pages, by their numbers; titles that calls have set stay. */
  showWindows(windows: Readonly<Record<string, unknown>>): void {
    for (const { webviewId, bar, element } of this.#frames.values()) {
      const settings = windows[webviewId];
      if (!isRecord(settings)) continue;
      bar.show({ ...settings, title: bar.title });
      element.style.backgroundColor = textOf(settings["backgroundColor"], "#fff");
    }
  }

  /** Ends all pages. */
  clear(): void {
    for (const { element } of this.#frames.values()) element.remove();
    this.#frames.clear();
    this.#top = undefined;
  }

  #open({ webviewId, path, window: settings, stack, tab, openType }: PhoneRoute): PageFrame {
    const { address, back, home, words } = this.#options;
    const leading = stack.length > 1 ? "back" : openType === "appLaunch" || tab >= 0 ? "none" : "home";
    const isCustom = settings["navigationStyle"] === "custom";
    const bar = new NavigationBar({ leading, isCustom, words, pressed: leading === "home" ? home : back });
    bar.show(settings);
    const frame = make("iframe", {
      class: "page-frame",
      attributes: {
        sandbox: "allow-scripts allow-forms",
        title: path,
        src: address(webviewId),
        allow: "autoplay; fullscreen",
      },
    });
    const element = make(
      "section",
      { class: "page", attributes: { "data-webview-id": String(webviewId), "data-path": path } },
      bar.element,
      frame,
    );
    element.style.backgroundColor = textOf(settings["backgroundColor"], "#fff");
    this.element.append(element);
    const opened = { webviewId, path, element, bar };
    this.#frames.set(webviewId, opened);
    return opened;
  }

  #settle(top: PageFrame, gone: readonly PageFrame[]): void {
    for (const { element } of gone) element.remove();
    for (const frame of this.#frames.values()) frame.element.classList.toggle("hidden", frame !== top);
  }

  #slide(
    frame: PageFrame,
    before: PageFrame,
    { isPush, gone }: { readonly isPush: boolean; readonly gone: readonly PageFrame[] },
  ): void {
    const moving = isPush ? frame : before;
    const frames = [{ transform: "translateX(100%)" }, { transform: "translateX(0)" }];
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const animation = moving.element.animate(isPush ? frames : frames.toReversed(), {
      duration: isStill ? 0 : SLIDE_MS,
      easing: "cubic-bezier(.3,.8,.3,1)",
    });
    const end = (): void => {
      // Another change may have come meanwhile.
      if (this.#top === frame) this.#settle(frame, gone);
      else for (const { element } of gone) element.remove();
    };
    animation.addEventListener("finish", end);
    animation.addEventListener("cancel", end);
  }
}
