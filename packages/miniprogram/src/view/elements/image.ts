import { DrawnElement, make } from "./built-in-element.ts";

const STYLE = `
:host { display: inline-block; width: 320px; height: 240px; overflow: hidden; position: relative; }
:host(wx-cover-image) { display: block; width: auto; height: auto; }
img { display: block; width: 100%; height: 100%; object-fit: fill; border-radius: inherit; -webkit-user-drag: none; }
img:not([src]) { visibility: hidden; }
`;

/** How a picture lies in its box: the way of fitting, and the place. */
const MODES: Readonly<Record<string, readonly [fit: string, position: string]>> = {
  scaleToFill: ["fill", "center"],
  aspectFit: ["contain", "center"],
  aspectFill: ["cover", "center"],
  widthFix: ["fill", "center"],
  heightFix: ["fill", "center"],
  top: ["none", "top"],
  bottom: ["none", "bottom"],
  center: ["none", "center"],
  left: ["none", "left"],
  right: ["none", "right"],
  "top left": ["none", "top left"],
  "top right": ["none", "top right"],
  "bottom left": ["none", "bottom left"],
  "bottom right": ["none", "bottom right"],
};

/** `<image>` and `<cover-image>`. */
export class ImageElement extends DrawnElement {
  readonly #image = make("img", { alt: "" });

  constructor() {
    super();
    this.draw(STYLE, this.#image);
    this.#image.addEventListener("load", () => this.#loaded());
    this.#image.addEventListener("error", () => {
      // A picture that is not there leaves its place empty.
      this.#image.removeAttribute("src");
      if (this.text("src") !== "") this.emit("error", { errMsg: `GET ${this.text("src")} 404 (Not Found)` });
    });
  }

  protected changed(name: string): void {
    if (name === "src") {
      const address = this.runtime.resolve(this.text("src"));
      if (address === "") this.#image.removeAttribute("src");
      else this.#image.src = address;
    } else if (name === "mode") {
      const [fit, position] = MODES[this.text("mode")] ?? ["fill", "center"];
      this.#image.style.objectFit = fit;
      this.#image.style.objectPosition = position;
      this.#fix();
    } else if (name === "lazyLoad") this.#image.loading = this.flag("lazyLoad") ? "lazy" : "eager";
    else if (name === "ariaLabel") this.#image.alt = this.text("ariaLabel");
  }

  #loaded(): void {
    this.#fix();
    this.emit("load", { width: this.#image.naturalWidth, height: this.#image.naturalHeight });
  }

  /** One side follows from the other and the shape of the picture. */
  #fix(): void {
    const mode = this.text("mode");
    const { naturalWidth, naturalHeight } = this.#image;
    this.style.aspectRatio = "";
    if (naturalWidth === 0 || (mode !== "widthFix" && mode !== "heightFix")) return;
    this.style.aspectRatio = `${naturalWidth} / ${naturalHeight}`;
    if (mode === "widthFix") this.style.setProperty("height", "auto", "important");
    else this.style.setProperty("width", "auto", "important");
  }
}
