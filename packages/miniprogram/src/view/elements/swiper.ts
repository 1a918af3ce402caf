import { systemClock } from "../../clock.ts";
import { BuiltInElement, DrawnElement, make } from "./built-in-element.ts";

const STYLE = `
:host { display: block; position: relative; overflow: hidden; height: 150px; touch-action: pan-y; }
:host([vertical]) { touch-action: pan-x; }
.items { position: absolute; inset: 0; }
.dots { position: absolute; left: 0; right: 0; bottom: 10px; display: flex; justify-content: center; gap: 8px; pointer-events: none; }
:host([vertical]) .dots { left: auto; right: 10px; top: 0; bottom: 0; flex-direction: column; }
.dots i { width: 8px; height: 8px; border-radius: 50%; background: var(--dot, rgba(0, 0, 0, .3)); }
.dots i.on { background: var(--dot-on, #000); }
`;

/** Part of the size that a finger must wipe before the next item comes. */
const SWIPE_SHARE = 0.2;

/** `<swiper-item>`. Its swiper says where it is. */
export class SwiperItemElement extends BuiltInElement {
  protected changed(): void {
    // The swiper reads the properties.
  }
}

/** `<swiper>`. Each item is moved by itself, so that a circle needs no copies. */
export class SwiperElement extends DrawnElement {
  readonly #dots = make("div", { class: "dots" });
  readonly #slot = make("slot");
  #current = 0;
  #cancelTimer = (): void => {};
  #drag: { readonly id: number; readonly start: number; offset: number } | undefined;

  constructor() {
    super();
    this.draw(STYLE, make("div", { class: "items" }, this.#slot), this.#dots);
    this.#slot.addEventListener("slotchange", () => this.#arrange(false));
    this.addEventListener("pointerdown", (event) => this.#down(event));
    this.addEventListener("pointermove", (event) => this.#move(event));
    this.addEventListener("pointerup", () => this.#release());
    this.addEventListener("pointercancel", () => this.#release());
  }

  disconnectedCallback(): void {
    this.#cancelTimer();
  }

  protected changed(name: string): void {
    if (name === "current" || name === "currentItemId") this.runtime.afterBatch(() => this.#follow(name));
    else if (name === "vertical") this.toggleAttribute("vertical", this.flag("vertical"));
    this.style.setProperty("--dot", this.text("indicatorColor", "rgba(0, 0, 0, .3)"));
    this.style.setProperty("--dot-on", this.text("indicatorActiveColor", "#000"));
    this.runtime.afterBatch(() => this.#arrange(false));
  }

  #follow(name: string): void {
    const items = this.#items();
    const index =
      name === "current"
        ? this.number("current", 0)
        : items.findIndex((item) => item.text("itemId") === this.text("currentItemId"));
    if (index >= 0 && index !== this.#current) this.#show(index, "");
  }

  #items(): readonly SwiperItemElement[] {
    return [...this.children].filter((child) => child instanceof SwiperItemElement);
  }

  #show(index: number, source: "" | "autoplay" | "touch"): void {
    const items = this.#items();
    if (items.length === 0) return;
    const isCircular = this.flag("circular");
    const last = Math.max(0, items.length - this.number("displayMultipleItems", 1));
    const next = isCircular ? (index + items.length) % items.length : Math.min(last, Math.max(0, index));
    const isNew = next !== this.#current;
    this.#current = next;
    this.keep("current", next);
    this.#arrange(true);
    if (!isNew) return;
    const detail = { current: next, currentItemId: items[next]?.text("itemId") ?? "", source };
    this.emit("change", detail, { changed: { current: next } });
    systemClock.after(this.number("duration", 500), () => this.emit("animationfinish", detail));
  }

  #arrange(isAnimated: boolean, offset = 0): void {
    const items = this.#items();
    const [margin, end] = [lengthOf(this.text("previousMargin")), lengthOf(this.text("nextMargin"))];
    const count = this.number("displayMultipleItems", 1);
    const isVertical = this.flag("vertical");
    const size = `calc((100% - ${margin} - ${end}) / ${count})`;
    for (const [index, item] of items.entries()) {
      const place = this.#placeOf(index, items.length);
      const shift = `translate${isVertical ? "Y" : "X"}(calc(${place * 100}% + ${offset}px))`;
      // An item that jumps from one end of the circle to the other is not seen on its way.
      const jumps = Math.abs(place) > 1 && isAnimated;
      item.style.transition = isAnimated && !jumps ? `transform ${this.number("duration", 500)}ms` : "none";
      item.style.transform = shift;
      item.style[isVertical ? "height" : "width"] = size;
      item.style[isVertical ? "top" : "left"] = margin;
    }
    this.#drawDots(items.length);
    this.#schedule();
  }

  #placeOf(index: number, count: number): number {
    const place = index - this.#current;
    if (!this.flag("circular") || count < 3) return place;
    if (place > count / 2) return place - count;
    return place < -count / 2 ? place + count : place;
  }

  #drawDots(count: number): void {
    const shown = this.flag("indicatorDots") ? count : 0;
    this.#dots.replaceChildren(
      ...Array.from({ length: shown }, (_, index) => make("i", { class: index === this.#current ? "on" : "" })),
    );
  }

  #schedule(): void {
    this.#cancelTimer();
    if (!this.flag("autoplay") || this.#items().length < 2) return;
    this.#cancelTimer = systemClock.after(this.number("interval", 5_000), () => {
      const isLast = this.#current >= this.#items().length - 1;
      this.#show(isLast ? 0 : this.#current + 1, "autoplay");
    });
  }

  #down(event: PointerEvent): void {
    if (!event.isPrimary) return;
    this.#drag = { id: event.pointerId, start: this.#along(event), offset: 0 };
    this.#cancelTimer();
  }

  #move(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag?.id !== event.pointerId) return;
    drag.offset = this.#along(event) - drag.start;
    if (Math.abs(drag.offset) < 4) return;
    if (!this.hasPointerCapture(event.pointerId)) this.setPointerCapture(event.pointerId);
    this.#arrange(false, drag.offset);
    this.emit("transition", this.flag("vertical") ? { dx: 0, dy: -drag.offset } : { dx: -drag.offset, dy: 0 });
  }

  #release(): void {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined) return;
    const size = this.flag("vertical") ? this.clientHeight : this.clientWidth;
    const steps = Math.abs(drag.offset) > size * SWIPE_SHARE ? -Math.sign(drag.offset) : 0;
    this.#show(this.#current + steps, "touch");
  }

  #along(event: PointerEvent): number {
    return this.flag("vertical") ? event.clientY : event.clientX;
  }
}

function lengthOf(text: string): string {
  if (text === "") return "0px";
  const number = Number.parseFloat(text) || 0;
  return text.endsWith("rpx") ? `${number / 7.5}vw` : `${number}px`;
}
