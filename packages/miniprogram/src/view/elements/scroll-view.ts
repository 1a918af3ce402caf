import { isRecord, textFrom } from "../../is-record.ts";
import { BuiltInElement } from "./built-in-element.ts";

const DEFAULT_THRESHOLD = 50;

/** `<scroll-view>`. The element itself scrolls. */
export class ScrollViewElement extends BuiltInElement {
  #last = { left: 0, top: 0 };
  #edges = { upper: true, lower: false };

  constructor() {
    super();
    this.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    let startY: number | undefined;
    this.addEventListener("pointerdown", (event) => {
      startY = this.flag("refresherEnabled") && this.scrollTop <= 0 ? event.clientY : undefined;
    });
    this.addEventListener("pointerup", (event) => {
      const isPulled = startY !== undefined && event.clientY - startY > this.number("refresherThreshold", 45);
      startY = undefined;
      if (isPulled) this.#pulled();
    });
  }

  /** Carries out a call of the object that a query gives for this element. */
  call(method: string, args: unknown): void {
    if (method === "scrollIntoView") this.#scrollTo(textFrom(args).replace(/^#/, ""));
    if (method !== "scrollTo" || !isRecord(args)) return;
    const { top, left, animated } = args;
    this.scrollTo({
      ...(top !== undefined && { top: lengthOf(top) }),
      ...(left !== undefined && { left: lengthOf(left) }),
      behavior: animated === false ? "instant" : "smooth",
    });
  }

  protected changed(name: string): void {
    switch (name) {
      case "scrollX":
      case "scrollY":
        this.style.overflowX = this.flag("scrollX") ? "auto" : "hidden";
        this.style.overflowY = this.flag("scrollY") ? "auto" : "hidden";
        return;
      case "enableFlex":
        this.toggleAttribute("enable-flex", this.flag("enableFlex"));
        return;
      case "scrollTop":
        this.runtime.afterBatch(() => this.#scroll({ top: lengthOf(this.value("scrollTop")) }));
        return;
      case "scrollLeft":
        this.runtime.afterBatch(() => this.#scroll({ left: lengthOf(this.value("scrollLeft")) }));
        return;
      case "scrollIntoView":
        this.runtime.afterBatch(() => this.#scrollTo(this.text("scrollIntoView")));
        return;
      case "refresherTriggered":
        this.toggleAttribute("refreshing", this.flag("refresherTriggered"));
        if (!this.flag("refresherTriggered")) this.emit("refresherrestore", {});
        return;
      default:
    }
  }

  #scroll(place: ScrollToOptions): void {
    const behavior = this.flag("scrollWithAnimation") ? "smooth" : "instant";
    this.scrollTo({ ...place, behavior });
  }

  #scrollTo(id: string): void {
    if (id === "") return;
    const target = this.querySelector(`#${CSS.escape(id)}`);
    if (target === null) return;
    const [own, other] = [this.getBoundingClientRect(), target.getBoundingClientRect()];
    const offset = this.number("scrollIntoViewOffset", 0);
    this.#scroll({
      ...(this.flag("scrollY") && { top: this.scrollTop + other.top - own.top + offset }),
      ...(this.flag("scrollX") && { left: this.scrollLeft + other.left - own.left + offset }),
    });
  }

  #scrolled(): void {
    const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = this;
    const [deltaX, deltaY] = [this.#last.left - scrollLeft, this.#last.top - scrollTop];
    this.#last = { left: scrollLeft, top: scrollTop };
    this.emit("scroll", { scrollLeft, scrollTop, scrollWidth, scrollHeight, deltaX, deltaY });
    const isAcross = this.flag("scrollX") && !this.flag("scrollY");
    const before = isAcross ? scrollLeft : scrollTop;
    const after = isAcross ? scrollWidth - clientWidth - scrollLeft : scrollHeight - clientHeight - scrollTop;
    const upper = before <= this.number("upperThreshold", DEFAULT_THRESHOLD);
    const lower = after <= this.number("lowerThreshold", DEFAULT_THRESHOLD);
    if (upper && !this.#edges.upper) this.emit("scrolltoupper", { direction: isAcross ? "left" : "top" });
    if (lower && !this.#edges.lower) this.emit("scrolltolower", { direction: isAcross ? "right" : "bottom" });
    this.#edges = { upper, lower };
  }

  #pulled(): void {
    this.emit("refresherpulling", { dy: this.number("refresherThreshold", 45) });
    this.emit("refresherrefresh", {});
  }
}

function lengthOf(value: unknown): number {
  const text = textFrom(value);
  const number = Number.parseFloat(text);
  if (!Number.isFinite(number)) return 0;
  return text.endsWith("rpx") ? (number * window.innerWidth) / 750 : number;
}
