import { make } from "./built-in-element.ts";
import { Toggle } from "./form-field.ts";

const STYLE = `
:host { display: inline-block; vertical-align: middle; }
:host([disabled]) .track { opacity: .5; }
.track { position: relative; box-sizing: border-box; width: 52px; height: 32px; border-radius: 16px;
  background: #e5e5e5; transition: background-color .2s; }
.track::after { content: ""; position: absolute; left: 2px; top: 2px; width: 28px; height: 28px; border-radius: 50%;
  background: #fff; box-shadow: 0 1px 3px rgba(0, 0, 0, .3); transition: transform .2s; }
.track.on { background: var(--colour, #04be02); }
.track.on::after { transform: translateX(20px); }
.track.box { width: 22px; height: 22px; border-radius: 3px; border: 1px solid #d1d1d1; background: #fff; }
.track.box::after { all: unset; }
.track.box.on::after { content: ""; position: absolute; left: 6px; top: 1px; width: 6px; height: 12px;
  border: solid var(--colour, #09bb07); border-width: 0 2px 2px 0; transform: rotate(45deg); }
`;

/** `<switch>`. */
export class SwitchElement extends Toggle {
  readonly #track = make("div", { class: "track" });

  constructor() {
    super();
    this.draw(STYLE, this.#track);
    this.addEventListener("click", () => this.toggle());
  }

  get fieldName(): string {
    return this.text("name");
  }

  get fieldValue(): unknown {
    return this.flag("checked");
  }

  resetField(): void {
    this.keep("checked", false);
    this.changed();
  }

  override toggle(): void {
    if (this.flag("disabled")) return;
    const checked = !this.flag("checked");
    this.keep("checked", checked);
    this.changed();
    this.emit("change", { value: checked }, { changed: { checked } });
  }

  protected changed(): void {
    this.#track.classList.toggle("on", this.flag("checked"));
    this.#track.classList.toggle("box", this.text("type") === "checkbox");
    this.#track.style.setProperty("--colour", this.text("color"));
    this.setAttribute("role", "switch");
    this.setAttribute("aria-checked", String(this.flag("checked")));
  }
}
