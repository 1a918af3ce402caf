import type { DrawCommand } from "../bus/dom-operation.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { type CanvasTwin, measureText } from "./canvas-twin.ts";
import type { Pixels } from "./png.ts";
import { toBase64 } from "./wx/binary.ts";

/** Old setters, and the properties that they stand for. */
const SETTERS: Readonly<Record<string, string>> = {
  setFillStyle: "fillStyle",
  setStrokeStyle: "strokeStyle",
  setLineWidth: "lineWidth",
  setLineCap: "lineCap",
  setLineJoin: "lineJoin",
  setMiterLimit: "miterLimit",
  setTextAlign: "textAlign",
  setTextBaseline: "textBaseline",
  setGlobalAlpha: "globalAlpha",
  setGlobalCompositeOperation: "globalCompositeOperation",
};

const MAKERS = [
  "createLinearGradient",
  "createRadialGradient",
  "createCircularGradient",
  "createConicGradient",
  "createPattern",
];

/** Calls that draw nothing and answer at once. */
const QUESTIONS: ReadonlySet<string> = new Set(["isPointInPath", "isPointInStroke", "getLineDash", "getTransform"]);

/** The context of a canvas that nothing was done to. */
const FIRST_STATE: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...(["fillStyle", "strokeStyle"] as const).map((name) => [name, "#000000"] as const),
  ...(["shadowBlur", "shadowOffsetX", "shadowOffsetY", "lineDashOffset"] as const).map((name) => [name, 0] as const),
  ...(["lineWidth", "globalAlpha"] as const).map((name) => [name, 1] as const),
  ["font", "10px sans-serif"],
  ["lineCap", "butt"],
  ["lineJoin", "miter"],
  ["miterLimit", 10],
  ["textAlign", "start"],
  ["textBaseline", "alphabetic"],
  ["globalCompositeOperation", "source-over"],
  ["shadowColor", "rgba(0, 0, 0, 0)"],
  ["imageSmoothingEnabled", true],
]);

let lastObject = 0;

/** Takes notes of what a script does with the context of a canvas. */
export class DrawRecorder {
  /** What a script reads of the context. */
  state: ReadonlyMap<string, unknown> = FIRST_STATE;
  readonly #saved: ReadonlyMap<string, unknown>[] = [];
  readonly #send: (command: DrawCommand) => void;
  readonly #twin: CanvasTwin | undefined;

  /** `send` gets each command; `twin` draws the same. */
  constructor(send: (command: DrawCommand) => void, twin?: CanvasTwin) {
    this.#send = send;
    this.#twin = twin;
  }

  /** Sets a property of the context. */
  set(name: string, value: unknown): void {
    this.state = new Map([...this.state, [name, value]]);
    this.#add(["set", name, this.#argument(value)]);
  }

  /** Calls a function of the context, in its old form or in the new one. */
  call(name: string, args: readonly unknown[]): unknown {
    if (name === "save") this.#saved.push(this.state);
    if (name === "restore") this.state = this.#saved.pop() ?? this.state;
    if (name === "measureText") return measureText(textOf(this.state.get("font")), String(args[0]));
    if (name === "getImageData") return this.#twin?.pixels(args) ?? emptyPixels(args[2], args[3]);
    if (name === "createImageData") return createPixels(args);
    if (QUESTIONS.has(name)) return this.#twin?.ask(name, args);
    if (name === "setFontSize")
      this.set("font", textOf(this.state.get("font")).replace(/[\d.]+px/, `${Number(args[0])}px`));
    else if (name === "setShadow") this.#setShadow(args);
    else if (SETTERS[name] !== undefined) this.set(SETTERS[name], args[0]);
    else if (MAKERS.includes(name)) return this.#make(name, args);
    else this.#add(["call", name, args.map((value) => this.#argument(value))]);
    return undefined;
  }

  #add(command: DrawCommand): void {
    this.#twin?.draw(command);
    this.#send(command);
  }

  #setShadow([x, y, blur, colour]: readonly unknown[]): void {
    for (const [name, value] of Object.entries({
      shadowOffsetX: x,
      shadowOffsetY: y,
      shadowBlur: blur,
      shadowColor: colour,
    }))
      this.set(name, value);
  }

  #make(name: string, args: readonly unknown[]): object {
    const object = ++lastObject;
    const [method, own] =
      name === "createCircularGradient"
        ? ["createRadialGradient", [args[0], args[1], 0, args[0], args[1], args[2]]]
        : [name, args];
    this.#add(["make", object, method, own.map((value) => this.#argument(value))]);
    return { object, addColorStop: (...stop: unknown[]) => this.#add(["tell", object, "addColorStop", stop]) };
  }

  /** What may travel in the place of a value: numbers of objects, addresses of pictures, pixels in base64. */
  #argument(value: unknown): unknown {
    if (!isRecord(value)) return value ?? null;
    if (typeof value["object"] === "number") return { object: value["object"] };
    const source = TWINS.get(value);
    if (source !== undefined) {
      const image = source.dataUrl();
      this.#twin?.learn(image, source.image);
      return { image };
    }
    const bitmap = BITMAPS.get(value);
    if (bitmap !== undefined) this.#twin?.learn(textOf(value["src"]), bitmap);
    if (typeof value["src"] === "string") return { image: value["src"] };
    if (!(value["data"] instanceof Uint8ClampedArray)) return value;
    return { pixels: toBase64(value["data"].slice().buffer), width: value["width"], height: value["height"] };
  }
}

const TWINS = new WeakMap<object, CanvasTwin>();
const BITMAPS = new WeakMap<object, CanvasImageSource>();

/** Remembers the twin of a canvas that a script knows. */
export function keepTwin(canvas: object, twin: CanvasTwin): void {
  TWINS.set(canvas, twin);
}

/** The twin of a canvas; `undefined` for what is none. */
export function twinOf(canvas: object): CanvasTwin | undefined {
  return TWINS.get(canvas);
}

/** Remembers what a picture of a script looks like. */
export function keepBitmap(image: object, bitmap: CanvasImageSource): void {
  BITMAPS.set(image, bitmap);
}

function emptyPixels(width: unknown, height: unknown): Pixels {
  const [columns, rows] = [Math.max(1, numberOf(width, 1)), Math.max(1, numberOf(height, 1))];
  return { data: new Uint8ClampedArray(columns * rows * 4), width: columns, height: rows };
}

/** Pixels that are all transparent, of a size or of the size of others. */
export function createPixels([first, second]: readonly unknown[]): Pixels {
  return isRecord(first) ? emptyPixels(first["width"], first["height"]) : emptyPixels(first, second);
}
