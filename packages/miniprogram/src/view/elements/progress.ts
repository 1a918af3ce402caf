import { DrawnElement, make } from "./built-in-element.ts";

const STYLE = `
:host { display: flex; align-items: center; }
.bar { flex: 1; height: var(--width, 6px); border-radius: var(--radius, 0); background: var(--line, #ebebeb); overflow: hidden; }
.fill { height: 100%; width: var(--part); background: var(--fill, #09bb07); border-radius: inherit; }
.info { margin-left: 15px; min-width: 2em; }
`;

/** Milliseconds for one per cent of an animated bar. */
const DEFAULT_DURATION_MS = 30;

/** `<progress>`. */
export class ProgressElement extends DrawnElement {
  readonly #fill = make("div", { class: "fill" });
  readonly #info = make("span", { class: "info" });
  #shown = 0;

  constructor() {
    super();
    this.draw(STYLE, make("div", { class: "bar" }, this.#fill), this.#info);
  }

  protected changed(name: string): void {
    const percent = Math.min(100, Math.max(0, this.number("percent", 0)));
    this.style.setProperty("--part", `${percent}%`);
    this.style.setProperty("--width", `${this.number("strokeWidth", 6)}px`);
    this.style.setProperty("--radius", `${this.number("borderRadius", 0)}px`);
    this.style.setProperty("--line", this.text("backgroundColor", "#ebebeb"));
    this.style.setProperty("--fill", this.text("activeColor", this.text("color", "#09bb07")));
    this.#info.hidden = !this.flag("showInfo");
    this.#info.textContent = `${percent}%`;
    this.#info.style.fontSize = `${this.number("fontSize", 16)}px`;
    this.setAttribute("role", "progressbar");
    this.setAttribute("aria-valuenow", String(percent));
    if (name === "percent" || name === "active") this.runtime.afterBatch(() => this.#animate(percent));
  }

  #animate(percent: number): void {
    if (!this.flag("active") || percent === this.#shown) return;
    const start = this.text("activeMode") === "forwards" ? this.#shown : 0;
    this.#shown = percent;
    const duration = Math.max(1, Math.abs(percent - start) * this.number("duration", DEFAULT_DURATION_MS));
    const animation = this.#fill.animate([{ width: `${start}%` }, { width: `${percent}%` }], { duration });
    animation.addEventListener("finish", () => this.emit("activeend", { curPercent: percent }));
  }
}
