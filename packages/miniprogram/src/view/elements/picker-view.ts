import { systemClock } from "../../clock.ts";
import { BuiltInElement, DrawnElement, make } from "./built-in-element.ts";

const VIEW_STYLE = `
:host { display: flex; position: relative; overflow: hidden; height: 200px; }
.line { position: absolute; left: 0; right: 0; top: 50%; height: 34px; transform: translateY(-50%); pointer-events: none;
  border: solid rgba(128, 128, 128, .3); border-width: 1px 0; box-sizing: border-box; }
`;

const COLUMN_STYLE = `
:host { display: block; flex: 1; height: 100%; overflow-y: scroll; scroll-snap-type: y mandatory; scrollbar-width: none; text-align: center; }
:host::-webkit-scrollbar { display: none; }
.space { height: calc(50% - var(--line, 34px) / 2); flex: none; }
::slotted(*) { scroll-snap-align: center; height: var(--line, 34px); line-height: var(--line, 34px); overflow: hidden; }
`;

/** Time without movement after which a column is at rest, in milliseconds. */
const SETTLE_MS = 100;
const DEFAULT_LINE_HEIGHT = 34;

/** `<picker-view-column>`: a list of which the middle line is chosen. */
export class PickerViewColumnElement extends DrawnElement {
  #index = 0;
  #cancelSettling = (): void => {};

  constructor() {
    super();
    this.draw(COLUMN_STYLE, make("div", { class: "space" }), make("slot"), make("div", { class: "space" }));
    this.addEventListener("scroll", () => {
      this.#cancelSettling();
      this.#cancelSettling = systemClock.after(SETTLE_MS, () => this.#settle());
    });
  }

  /** The chosen line. */
  get index(): number {
    return this.#index;
  }

  /** Brings a line to the middle. */
  choose(index: number, lineHeight: number): void {
    this.#index = index;
    this.style.setProperty("--line", `${lineHeight}px`);
    this.scrollTop = index * lineHeight;
  }

  protected changed(): void {
    // The view around the columns holds the properties.
  }

  #settle(): void {
    const owner = this.closest("wx-picker-view");
    if (!(owner instanceof PickerViewElement)) return;
    const index = Math.min(Math.max(0, this.children.length - 1), Math.round(this.scrollTop / owner.lineHeight));
    if (index === this.#index) return;
    this.#index = index;
    owner.turned();
  }
}

/** `<picker-view>`: wheels inside a page. */
export class PickerViewElement extends DrawnElement {
  readonly #line = make("div", { class: "line" });

  constructor() {
    super();
    this.draw(VIEW_STYLE, make("slot"), this.#line);
  }

  /** Height of a line, in CSS pixels; the indicator's style may say it. */
  get lineHeight(): number {
    return this.#line.offsetHeight || DEFAULT_LINE_HEIGHT;
  }

  /** A column came to rest on another line. */
  turned(): void {
    const value = this.#columns().map(({ index }) => index);
    this.keep("value", value);
    this.emit("pickstart", {});
    this.emit("change", { value }, { changed: { value } });
    this.emit("pickend", {});
  }

  protected changed(): void {
    this.#line.style.cssText = this.text("indicatorStyle").replace(
      /([\d.]+)rpx/g,
      (_, number: string) => `${Number(number) / 7.5}vw`,
    );
    this.runtime.afterBatch(() => {
      const value = this.value("value");
      const indexes: readonly unknown[] = Array.isArray(value) ? value : [];
      for (const [column, element] of this.#columns().entries())
        element.choose(Number(indexes[column] ?? 0), this.lineHeight);
    });
  }

  #columns(): readonly PickerViewColumnElement[] {
    return [...this.querySelectorAll("wx-picker-view-column")].filter(
      (element) => element instanceof PickerViewColumnElement,
    );
  }
}

/** An element without behaviour of its own. */
export class PlainElement extends BuiltInElement {
  protected changed(): void {
    // Its looks are in the style sheet of the view.
  }
}
