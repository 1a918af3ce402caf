import { systemClock } from "../clock.ts";
import type { PhoneModel } from "./devices.ts";
import { make } from "./dom.ts";
import type { Words } from "./words.ts";

/** What the screen needs of the phone. */
export interface ScreenOptions {
  readonly words: Words;
  /** What lies below the signs of the phone. */
  readonly content: readonly HTMLElement[];
  /** What lies above everything. */
  readonly overlays: HTMLElement;
  /** The left part of the capsule was pressed. */
  readonly menu: () => void;
  /** The right part of the capsule was pressed. */
  readonly background: () => void;
  /** The mini-program is to be opened again. */
  readonly foreground: () => void;
}

/** Space below the device, in CSS pixels. */
const SPACE_BELOW = 22;
/** Space beside it where the panel is below, in CSS pixels. */
const NARROW_MARGIN = 32;
const TAB_BAR_HEIGHT = 50;
const FRAME = 22;
/** Nobody can read a smaller one: it is scrolled instead. */
const MIN_SCALE = 0.6;

/** The device with its screen: status bar, capsule, and what takes the place of a mini-program that is away. */
export class Screen {
  /** Where it is drawn. */
  readonly element: HTMLElement;
  readonly #device: HTMLElement;
  readonly #holder: HTMLElement;
  readonly #screen: HTMLElement;
  readonly #capsule: HTMLElement;
  readonly #desktop: HTMLElement;
  readonly #desktopNote = make("p");
  readonly #errors: HTMLElement;
  readonly #errorList = make("div");
  readonly #notice = make("div", { class: "notice" });
  #model: PhoneModel | undefined;

  /** Draws the device. */
  constructor(options: ScreenOptions) {
    const { words } = options;
    this.#capsule = make(
      "div",
      { class: "capsule" },
      make("button", { attributes: { "aria-label": words.menu }, onClick: options.menu }, dots()),
      make(
        "button",
        { attributes: { "aria-label": words.close }, onClick: options.background },
        make("span", { class: "ring" }),
      ),
    );
    this.#desktop = make(
      "div",
      { class: "desktop", attributes: { hidden: "" } },
      make("strong", {}, words.desktop),
      this.#desktopNote,
      make("button", { onClick: options.foreground }, words.open),
    );
    this.#errors = make(
      "div",
      { class: "errors", attributes: { hidden: "", role: "alert" } },
      make("h2", {}, words.compileErrors),
      make("p", {}, words.compileHint),
      this.#errorList,
    );
    this.#notice.textContent = words.connecting;
    const home = make("div", { class: "home-line" });
    this.#screen = make(
      "div",
      { class: "screen" },
      this.#notice,
      ...options.content,
      statusBar(),
      make("div", { class: "island" }),
      this.#capsule,
      this.#errors,
      options.overlays,
      this.#desktop,
      home,
    );
    this.#device = make("div", { class: "device" }, this.#screen);
    this.#holder = make("div", { class: "holder" }, this.#device);
    this.element = make("main", { class: "stage" }, this.#holder);
    window.addEventListener("resize", () => this.#fit());
    // The bar above may take more lines than before.
    new ResizeObserver(() => this.#fit()).observe(this.element);
  }

  /** Takes the size and shape of another phone. */
  setModel(model: PhoneModel): void {
    this.#model = model;
    const { style } = this.#device;
    style.width = `${model.width}px`;
    style.height = `${model.height}px`;
    style.setProperty("--status", `${model.statusBarHeight}px`);
    style.setProperty("--inset", `${model.bottomInset}px`);
    style.setProperty("--tab-bar", `${TAB_BAR_HEIGHT + model.bottomInset}px`);
    this.#device.classList.toggle("square", model.statusBarHeight < 30);
    this.#fit();
  }

  /** Colour of the signs of the phone. */
  setTextStyle(textStyle: "black" | "white"): void {
    this.#screen.style.setProperty("--bar-text", textStyle === "white" ? "#fff" : "#000");
    this.#capsule.classList.toggle("white", textStyle === "white");
  }

  /** Shows the phone's own screen with a note; an empty one goes back to the mini-program. */
  setDesktop(note: string): void {
    this.#desktop.hidden = note === "";
    this.#desktopNote.textContent = note;
  }

  /** Shows what is wrong with the project; `undefined` takes it away. */
  showErrors(errors: readonly string[] | undefined): void {
    this.#errors.hidden = errors === undefined;
    this.#errorList.replaceChildren(...(errors ?? []).map((error) => make("pre", {}, error)));
  }

  /** Text in the place of pages. */
  setNotice(text: string): void {
    this.#notice.textContent = text;
  }

  /** The whole device can be seen. */
  #fit(): void {
    const model = this.#model;
    if (model === undefined) return;
    const height = (window.innerHeight - this.#holder.offsetTop - SPACE_BELOW) / (model.height + FRAME);
    const width = (window.innerWidth - NARROW_MARGIN) / (model.width + FRAME);
    const scale = Math.max(MIN_SCALE, Math.min(1, height, width));
    this.#device.style.transform = `scale(${scale})`;
    this.#holder.style.width = `${(model.width + FRAME) * scale}px`;
    this.#holder.style.height = `${(model.height + FRAME) * scale}px`;
  }
}

function dots(): HTMLElement {
  return make("span", { class: "dots" }, make("i"), make("i"), make("i"));
}

function statusBar(): HTMLElement {
  const clock = make("span");
  const tick = (): void => {
    clock.textContent = new Date(systemClock.now()).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  };
  tick();
  systemClock.every(10_000, tick);
  const waves = make(
    "span",
    { class: "waves" },
    ...[4, 6, 8, 11].map((height) => make("i", { style: { height: `${height}px` } })),
  );
  return make(
    "div",
    { class: "status-bar", attributes: { "aria-hidden": "true" } },
    clock,
    make("span", { class: "signs" }, waves, make("span", { class: "battery" })),
  );
}
