import { numberOf } from "../is-record.ts";
import type { ViewTree } from "./tree.ts";

/** How far a finger pulls before a page is refreshed, in CSS pixels. */
const PULL_DISTANCE = 50;

/** Scrolling of the page itself: reports, jumps, and the pull that refreshes. */
export class PageScroll {
  readonly #tree: ViewTree;
  readonly #report: (data: object) => void;
  readonly #pulled: () => void;
  #bottomDistance = 50;
  #canPull = false;
  #isAtBottom = false;
  #isPending = false;

  /** Listens on the document from now on. */
  constructor(tree: ViewTree, report: (data: object) => void, pulled: () => void) {
    this.#tree = tree;
    this.#report = report;
    this.#pulled = pulled;
    document.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#watchPull();
    const indicator = document.createElement("div");
    indicator.id = "miniprogram-pull";
    indicator.append(...Array.from({ length: 3 }, () => document.createElement("i")));
    document.documentElement.append(indicator);
  }

  /** Takes the settings of the page. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    this.#bottomDistance = numberOf(settings["onReachBottomDistance"], 50);
    this.#canPull = settings["canPullDown"] === true;
    if (settings["canScroll"] === false) document.documentElement.style.overflow = "hidden";
    const colour = settings["contentColor"] === "" ? settings["backgroundColor"] : settings["contentColor"];
    // Of the body, and weaker than the styles of the page, which may name another.
    document.documentElement.style.setProperty("--page-ground", String(colour));
  }

  /** Scrolls the page. */
  scrollTo({ top, durationMs }: { readonly top: number; readonly durationMs: number }): void {
    window.scrollTo({ top, behavior: durationMs > 0 ? "smooth" : "instant" });
  }

  /** Shows or hides the three dots of a refresh. */
  showPull(isShown: boolean): void {
    document.documentElement.classList.toggle("pulled", isShown);
  }

  #scrolled(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    requestAnimationFrame(() => {
      this.#isPending = false;
      this.#tell();
    });
  }

  #tell(): void {
    const scrollTop = window.scrollY;
    if (this.#tree.hasListener("pageScroll")) this.#report({ scrollTop });
    const below = document.documentElement.scrollHeight - window.innerHeight - scrollTop;
    const isAtBottom = below <= this.#bottomDistance;
    if (isAtBottom && !this.#isAtBottom && this.#tree.hasListener("reachBottom"))
      this.#report({ scrollTop, isBottom: true });
    this.#isAtBottom = isAtBottom;
  }

  #watchPull(): void {
    let start: { readonly id: number; readonly y: number } | undefined;
    document.addEventListener("pointerdown", (event) => {
      start = this.#canPull && window.scrollY <= 0 ? { id: event.pointerId, y: event.clientY } : undefined;
    });
    document.addEventListener("pointerup", (event) => {
      const isPulled = start?.id === event.pointerId && event.clientY - start.y > PULL_DISTANCE;
      start = undefined;
      if (!isPulled) return;
      this.showPull(true);
      this.#pulled();
    });
  }
}
