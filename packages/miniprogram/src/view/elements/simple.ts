import { BuiltInElement, DrawnElement, make } from "./built-in-element.ts";
import { activateLabel } from "./form-field.ts";
import { ScrollViewElement } from "./scroll-view.ts";

/** `<label>`. */
export class LabelElement extends BuiltInElement {
  constructor() {
    super();
    this.addEventListener("click", (event) => {
      if (event.target instanceof Element) activateLabel(this, event.target);
    });
  }

  protected changed(): void {
    // Read when it is tapped.
  }
}

const ROUTES: Readonly<Record<string, string>> = {
  navigate: "navigateTo",
  redirect: "redirectTo",
  switchTab: "switchTab",
  reLaunch: "reLaunch",
  navigateBack: "navigateBack",
  exit: "exitMiniProgram",
};

/** `<navigator>`. */
export class NavigatorElement extends BuiltInElement {
  constructor() {
    super();
    this.addEventListener("click", () => void this.#go());
  }

  protected changed(): void {
    this.setAttribute("role", "link");
    this.tabIndex = 0;
  }

  async #go(): Promise<void> {
    const api = ROUTES[this.text("openType", "navigate")];
    if (api === undefined) return;
    const result = await this.runtime.invoke(api, { url: this.text("url"), delta: this.number("delta", 1) });
    const isOk = result.errMsg.endsWith(":ok");
    this.emit(isOk ? "success" : "fail", { errMsg: result.errMsg });
    this.emit("complete", { errMsg: result.errMsg });
  }
}

/** `<text>`: lines of its content stay lines. */
export class TextElement extends BuiltInElement {
  protected changed(name: string): void {
    if (name === "selectable" || name === "userSelect") this.toggleAttribute("selectable", this.flag(name));
    if (name === "space") this.setAttribute("space", this.text("space"));
    if (name === "overflow") this.style.textOverflow = this.text("overflow");
  }
}

/** `<web-view>`: a page of the web inside the mini-program. */
export class WebViewElement extends DrawnElement {
  readonly #frame = make("iframe", { sandbox: "allow-scripts allow-forms" });

  constructor() {
    super();
    this.draw(
      ":host { position: fixed; inset: 0; } iframe { width: 100%; height: 100%; border: 0; background: #fff; }",
      this.#frame,
    );
    this.#frame.addEventListener("load", () => this.emit("load", { src: this.text("src") }));
  }

  protected changed(): void {
    const address = this.runtime.resolve(this.text("src"));
    if (address !== "") this.#frame.src = address;
  }
}

/** `<video>` and `<audio>`: the browser's own players. */
export class MediaElement extends DrawnElement {
  readonly #player: HTMLMediaElement;

  constructor(tag: "audio" | "video") {
    super();
    this.#player = make(tag, { playsinline: "" });
    const style =
      ":host { display: inline-block; } :host(wx-video) { width: 300px; height: 225px; background: #000; } video { width: 100%; height: 100%; object-fit: contain; }";
    this.draw(style, this.#player, make("slot"));
    this.#player.controls = true;
    for (const type of ["play", "pause", "ended", "waiting"])
      this.#player.addEventListener(type, () => this.emit(type, {}));
    this.#player.addEventListener("error", () => this.emit("error", { errMsg: "MEDIA_ERR_SRC_NOT_SUPPORTED" }));
    this.#player.addEventListener("loadedmetadata", () =>
      this.emit("loadedmetadata", { duration: this.#player.duration }),
    );
    this.#player.addEventListener("timeupdate", () => {
      const { currentTime, duration } = this.#player;
      this.emit("timeupdate", { currentTime, duration });
    });
  }

  /** Carries out a call of `wx.createVideoContext`. */
  call(method: string, args: unknown): void {
    if (method === "play")
      void this.#player.play().catch(() => this.emit("error", { errMsg: "play:fail not allowed before a touch" }));
    else if (method === "pause" || method === "stop") this.#player.pause();
    else if (method === "setSrc") this.set("src", args);
    else if (method === "playbackRate") this.#player.playbackRate = Number(args) || 1;
    else if (method === "exitFullScreen" && document.fullscreenElement !== null) void document.exitFullscreen();
    else if (method === "seek") this.#player.currentTime = Number(args) || 0;
    else if (method === "requestFullScreen")
      void this.#player.requestFullscreen().catch(() => this.emit("fullscreenerror", {}));
    if (method === "stop") this.#player.currentTime = 0;
  }

  protected changed(name: string): void {
    const player = this.#player;
    if (name === "src") {
      const address = this.runtime.resolve(this.text("src"));
      if (address !== "") player.src = address;
    } else if (name === "controls") player.controls = this.flag("controls", player.localName === "video");
    else if (name === "loop" || name === "muted" || name === "autoplay") player[name] = this.flag(name);
    else if (name === "poster" && player instanceof HTMLVideoElement)
      player.poster = this.runtime.resolve(this.text("poster"));
    else if (name === "objectFit") player.style.objectFit = this.text("objectFit");
  }
}

/** `<video>`. */
export class VideoElement extends MediaElement {
  constructor() {
    super("video");
  }
}

/** `<audio>`. */
export class AudioElement extends MediaElement {
  constructor() {
    super("audio");
  }
}

/** Elements that need WeChat itself, such as maps: a box that says what would be there. */
export class PlaceholderElement extends DrawnElement {
  readonly #label = make("span");

  constructor() {
    super();
    const style =
      ":host { display: block; width: 300px; height: 150px; overflow: hidden; background: repeating-linear-gradient(45deg, rgba(128,128,128,.12) 0 8px, transparent 8px 16px); } .name { display: grid; place-items: center; height: 100%; color: #888; font-size: 13px; } :host(wx-camera) { width: 100%; height: 300px; } :host(wx-editor) { width: auto; height: 200px; } :host(wx-ad), :host(wx-ad-custom), :host(wx-official-account) { width: auto; height: 84px; } :host(wx-functional-page-navigator) { height: auto; }";
    this.draw(style, make("div", { class: "name" }, this.#label), make("slot"));
  }

  connectedCallback(): void {
    this.#label.textContent = this.localName.replace(/^wx-/, "<") + ">";
  }

  protected changed(): void {
    // It shows only its name.
  }
}

/** `<open-data>`: data of the user that a project may show and not read. */
export class OpenDataElement extends BuiltInElement {
  protected changed(): void {
    const isPicture = this.text("type") === "userAvatarUrl";
    this.textContent = isPicture ? "🐼" : this.text("defaultText", "Panda");
  }
}

/** `<page-meta>`: settings of the page around it. */
export class PageMetaElement extends BuiltInElement {
  protected changed(name: string): void {
    if (name === "pageStyle") document.body.setAttribute("style", this.text("pageStyle"));
    if (name === "backgroundColor") document.documentElement.style.backgroundColor = this.text("backgroundColor");
    if (name === "rootFontSize") document.documentElement.style.fontSize = this.text("rootFontSize");
  }
}

/** `<movable-view>`: follows a finger inside its area. */
export class MovableViewElement extends BuiltInElement {
  #place = { x: 0, y: 0 };

  constructor() {
    super();
    let start: { readonly id: number; readonly x: number; readonly y: number } | undefined;
    this.addEventListener("pointerdown", (event) => {
      if (this.flag("disabled")) return;
      start = { id: event.pointerId, x: event.clientX - this.#place.x, y: event.clientY - this.#place.y };
      this.setPointerCapture(event.pointerId);
    });
    this.addEventListener("pointermove", (event) => {
      if (start?.id === event.pointerId) this.#moveTo(event.clientX - start.x, event.clientY - start.y, "touch");
    });
    this.addEventListener("pointerup", () => {
      start = undefined;
    });
  }

  protected changed(name: string): void {
    if (name !== "x" && name !== "y") return;
    this.runtime.afterBatch(() => this.#moveTo(this.number("x", 0), this.number("y", 0), ""));
  }

  #moveTo(x: number, y: number, source: string): void {
    const direction = this.text("direction", "none");
    const area = this.parentElement;
    const limits = { x: (area?.clientWidth ?? 0) - this.offsetWidth, y: (area?.clientHeight ?? 0) - this.offsetHeight };
    const clamp = (value: number, limit: number): number =>
      this.flag("outOfBounds") ? value : Math.min(Math.max(0, limit), Math.max(Math.min(0, limit), value));
    const next = {
      x: direction === "all" || direction === "horizontal" || source === "" ? clamp(x, limits.x) : this.#place.x,
      y: direction === "all" || direction === "vertical" || source === "" ? clamp(y, limits.y) : this.#place.y,
    };
    if (next.x === this.#place.x && next.y === this.#place.y) return;
    this.#place = next;
    this.style.transform = `translate(${next.x}px, ${next.y}px)`;
    this.emit("change", { ...next, source });
  }
}

/** `<match-media>`: its children show only on screens that match. */
export class MatchMediaElement extends BuiltInElement {
  protected changed(): void {
    const conditions = ["minWidth", "maxWidth", "width", "minHeight", "maxHeight", "height"].flatMap((name) =>
      this.value(name) === undefined
        ? []
        : [`(${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${this.number(name, 0)}px)`],
    );
    this.hidden = !window.matchMedia(conditions.join(" and ") || "all").matches;
  }
}

/** Tells whether an element carries out calls from the logic layer. */
export function isCallable(element: unknown): element is { call(method: string, args: unknown): void } {
  return element instanceof MediaElement || element instanceof ScrollViewElement;
}
