import { DrawnElement, make } from "./built-in-element.ts";

const STYLE = `:host { display: inline-block; line-height: 0; vertical-align: middle; } svg { width: 1em; height: 1em; fill: none; }`;
const NAMESPACE = "http://www.w3.org/2000/svg";

const CHECK = "M7 12.5l3.5 3.5L17.5 9";
const CROSS = "M8.5 8.5l7 7M15.5 8.5l-7 7";

interface Drawing {
  readonly colour: string;
  /** Path inside of 24 by 24 units. */
  readonly path: string;
  readonly isFilled: boolean;
  readonly hasCircle: boolean;
}

const ICONS: Readonly<Record<string, Drawing>> = {
  success: { colour: "#09bb07", path: CHECK, isFilled: true, hasCircle: true },
  success_no_circle: { colour: "#09bb07", path: CHECK, isFilled: false, hasCircle: false },
  info: { colour: "#10aeff", path: "M12 11v6M12 7v.5", isFilled: true, hasCircle: true },
  warn: { colour: "#f76260", path: "M12 6.5v6.5M12 16.5v.5", isFilled: true, hasCircle: true },
  waiting: { colour: "#10aeff", path: "M12 7v5.5l3.5 2", isFilled: true, hasCircle: true },
  cancel: { colour: "#f43530", path: CROSS, isFilled: false, hasCircle: true },
  download: { colour: "#09bb07", path: "M12 7v8M8.5 12l3.5 3.5 3.5-3.5", isFilled: false, hasCircle: true },
  search: {
    colour: "#b2b2b2",
    path: "M10.5 4.5a6 6 0 100 12 6 6 0 000-12zM15 15l5 5",
    isFilled: false,
    hasCircle: false,
  },
  clear: { colour: "#b2b2b2", path: CROSS, isFilled: true, hasCircle: true },
  circle: { colour: "#c9c9c9", path: "", isFilled: false, hasCircle: true },
  info_circle: { colour: "#10aeff", path: "M12 11v6M12 7v.5", isFilled: false, hasCircle: true },
};

/** `<icon>`. */
export class IconElement extends DrawnElement {
  readonly #box = make("span");

  constructor() {
    super();
    this.draw(STYLE, this.#box);
  }

  protected changed(): void {
    const drawing = ICONS[this.text("type")];
    this.style.fontSize = lengthOf(this.text("size", "23"));
    this.setAttribute("role", "img");
    this.#box.replaceChildren(...(drawing === undefined ? [] : [draw(drawing, this.text("color", drawing.colour))]));
  }
}

function draw({ path, isFilled, hasCircle }: Drawing, colour: string): Element {
  const image = document.createElementNS(NAMESPACE, "svg");
  image.setAttribute("viewBox", "0 0 24 24");
  const add = (tag: string, attributes: Readonly<Record<string, string>>): void => {
    const part = document.createElementNS(NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
    image.append(part);
  };
  if (hasCircle) add("circle", { cx: "12", cy: "12", r: "10.5", stroke: colour, fill: isFilled ? colour : "none" });
  const stroke = isFilled ? "#fff" : colour;
  add("path", {
    d: path,
    stroke,
    "stroke-width": "1.8",
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    fill: "none",
  });
  return image;
}

function lengthOf(size: string): string {
  if (size.endsWith("rpx")) return `${Number.parseFloat(size) / 7.5}vw`;
  return /^[\d.]+$/.test(size) ? `${size}px` : size;
}
