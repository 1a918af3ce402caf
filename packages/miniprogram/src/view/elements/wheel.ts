import { systemClock } from "../../clock.ts";
import { make } from "./built-in-element.ts";

/** Height of one line of a wheel, in CSS pixels. */
export const WHEEL_LINE_HEIGHT = 34;

/** Time without movement after which a wheel is at rest, in milliseconds. */
const SETTLE_MS = 80;

/** Style of wheels, for the shadow that they stand in. */
export const WHEEL_STYLE = `
.wheel { position: relative; flex: 1; height: ${WHEEL_LINE_HEIGHT * 5}px; overflow-y: scroll; scroll-snap-type: y mandatory; scrollbar-width: none; }
.wheel::-webkit-scrollbar { display: none; }
.wheel::before, .wheel::after { content: ""; display: block; height: ${WHEEL_LINE_HEIGHT * 2}px; }
.wheel > button { all: unset; display: block; box-sizing: border-box; width: 100%; height: ${WHEEL_LINE_HEIGHT}px; line-height: ${WHEEL_LINE_HEIGHT}px;
  padding: 0 4px; text-align: center; scroll-snap-align: center; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; cursor: pointer; }
`;

/** A column of lines of which the middle one is chosen. */
export class Wheel {
  /** Where the wheel is drawn. */
  readonly element = make("div", { class: "wheel", role: "listbox" });
  #index = 0;
  #cancelSettling = (): void => {};

  /** `changed` is called when another line came to rest in the middle. */
  constructor(changed: (index: number) => void) {
    this.element.addEventListener("scroll", () => {
      this.#cancelSettling();
      this.#cancelSettling = systemClock.after(SETTLE_MS, () => {
        const index = this.#nearest();
        if (index === this.#index) return;
        this.#index = index;
        changed(index);
      });
    });
    this.element.addEventListener("click", (event) => {
      const index = event.target instanceof Element ? [...this.element.children].indexOf(event.target) : -1;
      if (index < 0 || index === this.#index) return;
      this.choose(index);
      changed(index);
    });
  }

  /** The line in the middle. */
  get index(): number {
    return this.#index;
  }

  /** Shows other lines. */
  fill(labels: readonly string[], index: number): void {
    this.element.replaceChildren(...labels.map((label) => make("button", { type: "button", role: "option" }, label)));
    this.choose(Math.min(Math.max(0, index), Math.max(0, labels.length - 1)));
  }

  /** Brings a line to the middle. */
  choose(index: number): void {
    this.#index = index;
    this.element.scrollTop = index * WHEEL_LINE_HEIGHT;
  }

  #nearest(): number {
    const last = Math.max(0, this.element.children.length - 1);
    return Math.min(last, Math.round(this.element.scrollTop / WHEEL_LINE_HEIGHT));
  }
}
