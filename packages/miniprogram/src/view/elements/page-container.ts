import { DrawnElement, make } from "./built-in-element.ts";

const STYLE = `
:host { display: block; }
:host(:not([show])) { display: none; }
.shade { position: fixed; inset: 0; background: rgba(0, 0, 0, .5); }
.box { position: fixed; left: 0; right: 0; bottom: 0; max-height: 100%; overflow-y: auto; background: #fff; }
.box.top { top: 0; bottom: auto; } .box.right { top: 0; left: auto; max-width: 100%; } .box.center { top: 50%; bottom: auto; transform: translateY(-50%); }
.box.round { border-radius: 16px 16px 0 0; }
`;

/** `<page-container>`: a sheet above the page. */
export class PageContainerElement extends DrawnElement {
  readonly #shade = make("div", { class: "shade" });
  readonly #box = make("div", { class: "box" }, make("slot"));

  constructor() {
    super();
    this.draw(STYLE, this.#shade, this.#box);
    this.#shade.addEventListener("click", () => this.emit("clickoverlay", {}));
  }

  protected changed(name: string): void {
    if (name === "show") this.#show(this.flag("show"));
    const zIndex = String(this.number("zIndex", 100));
    this.#shade.hidden = !this.flag("overlay", true);
    this.#shade.style.zIndex = zIndex;
    this.#box.className = `box ${this.text("position", "bottom")}${this.flag("round") ? " round" : ""}`;
    this.#box.style.cssText = `z-index: ${zIndex}; ${this.text("customStyle")}`;
  }

  #show(isShown: boolean): void {
    if (isShown === this.hasAttribute("show")) return;
    this.toggleAttribute("show", isShown);
    for (const type of isShown ? ["beforeenter", "enter", "afterenter"] : ["beforeleave", "leave", "afterleave"])
      this.emit(type, {});
  }
}
