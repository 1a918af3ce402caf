import { DrawnElement, make } from "./built-in-element.ts";

const STYLE = `
:host { display: block; margin: 10px 18px; padding: 0; }
.row { display: flex; align-items: center; }
.track { position: relative; flex: 1; height: 28px; touch-action: none; cursor: pointer; }
.line, .fill { position: absolute; top: 13px; height: 2px; border-radius: 1px; }
.line { left: 0; right: 0; background: var(--line, #e9e9e9); }
.fill { left: 0; width: var(--part); background: var(--fill, #1aad19); }
.block { position: absolute; left: var(--part); top: 50%; width: var(--size, 28px); height: var(--size, 28px);
  transform: translate(-50%, -50%); border-radius: 50%; background: var(--block, #fff); box-shadow: 0 0 4px rgba(0, 0, 0, .2); }
.value { min-width: 2em; margin-left: 18px; color: #888; font-size: 14px; }
:host([disabled]) { opacity: .6; }
`;

/** `<slider>`. */
export class SliderElement extends DrawnElement {
  readonly #track = make(
    "div",
    { class: "track" },
    make("div", { class: "line" }),
    make("div", { class: "fill" }),
    make("div", { class: "block" }),
  );
  readonly #shown = make("span", { class: "value" });
  #pointer: number | undefined;

  constructor() {
    super();
    this.draw(STYLE, make("div", { class: "row" }, this.#track, this.#shown));
    this.#track.addEventListener("pointerdown", (event) => this.#down(event));
    this.#track.addEventListener("pointermove", (event) => {
      if (event.pointerId === this.#pointer) this.#moveTo(event.clientX, "changing");
    });
    this.#track.addEventListener("pointerup", (event) => {
      if (event.pointerId !== this.#pointer) return;
      this.#pointer = undefined;
      this.#moveTo(event.clientX, "change");
    });
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  get fieldName(): string {
    return this.text("name");
  }

  get fieldValue(): unknown {
    return this.#value;
  }

  resetField(): void {
    this.keep("value", this.number("min", 0));
    this.changed();
  }

  get #value(): number {
    return Math.min(this.number("max", 100), Math.max(this.number("min", 0), this.number("value", 0)));
  }

  protected changed(): void {
    const [min, max] = [this.number("min", 0), this.number("max", 100)];
    this.style.setProperty("--part", `${((this.#value - min) / Math.max(1e-9, max - min)) * 100}%`);
    this.style.setProperty("--line", this.text("backgroundColor", this.text("color", "#e9e9e9")));
    this.style.setProperty("--fill", this.text("activeColor", this.text("selectedColor", "#1aad19")));
    this.style.setProperty("--block", this.text("blockColor", "#fff"));
    this.style.setProperty("--size", `${this.number("blockSize", 28)}px`);
    this.#shown.hidden = !this.flag("showValue");
    this.#shown.textContent = String(this.#value);
    this.tabIndex = 0;
    this.setAttribute("role", "slider");
    this.setAttribute("aria-valuenow", String(this.#value));
  }

  #down(event: PointerEvent): void {
    if (this.flag("disabled")) return;
    this.#pointer = event.pointerId;
    this.#track.setPointerCapture(event.pointerId);
    this.#moveTo(event.clientX, "changing");
  }

  #moveTo(clientX: number, type: "change" | "changing"): void {
    const { left, width } = this.#track.getBoundingClientRect();
    const [min, max] = [this.number("min", 0), this.number("max", 100)];
    this.#choose(min + ((clientX - left) / Math.max(1, width)) * (max - min), type);
  }

  #choose(wanted: number, type: "change" | "changing"): void {
    const [min, max, step] = [this.number("min", 0), this.number("max", 100), this.number("step", 1)];
    const stepped = min + Math.round((wanted - min) / step) * step;
    const value = Number(Math.min(max, Math.max(min, stepped)).toFixed(6));
    this.keep("value", value);
    this.changed();
    this.emit(type, { value }, { changed: { value } });
  }

  #key(event: KeyboardEvent): void {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
    if (steps !== undefined && !this.flag("disabled"))
      this.#choose(this.#value + steps * this.number("step", 1), "change");
  }
}
