import type { DrawCommand } from "../bus/dom-operation.ts";
import { isRecord } from "../is-record.ts";
import { fromBase64 } from "./wx/binary.ts";
import { encodePng, type Pixels } from "./png.ts";

// What a canvas shows is drawn in the view, which answers later. Scripts ask
// some questions without waiting: the pixels, the width of a text. A second
// canvas in the realm of the logic layer draws the same and answers them. Plain
// Node has no such canvas: there the answers are empty.

/** Draws what the canvas in the view draws, and knows at once how it looks. */
export class CanvasTwin {
  readonly #canvas: OffscreenCanvas;
  readonly #context: OffscreenCanvasRenderingContext2D;
  readonly #objects = new Map<number, unknown>();
  readonly #images = new Map<string, CanvasImageSource>();

  private constructor(canvas: OffscreenCanvas, context: OffscreenCanvasRenderingContext2D) {
    this.#canvas = canvas;
    this.#context = context;
  }

  /** Makes a twin; `undefined` where the realm has no canvas. */
  static create(width: number, height: number): CanvasTwin | undefined {
    if (typeof OffscreenCanvas === "undefined") return undefined;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return context === null ? undefined : new CanvasTwin(canvas, context);
  }

  /** Draws one command. Wrong ones draw nothing. */
  draw(command: DrawCommand): void {
    switch (command[0]) {
      case "size":
        this.#canvas[command[1]] = Math.min(8_192, Math.max(0, command[2]));
        return;
      case "set":
        if (command[1] in this.#context) Reflect.set(this.#context, command[1], this.#value(command[2]));
        return;
      case "make":
        this.#objects.set(command[1], this.#call(this.#context, command[2], command[3]));
        return;
      case "call":
        this.#call(this.#context, command[1], command[2]);
        return;
      case "tell":
        this.#call(this.#objects.get(command[1]), command[2], command[3]);
        return;
      case "clear":
        this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
        return;
      default:
        command satisfies never;
    }
  }

  /** Answers a call that only asks, such as `isPointInPath`. */
  ask(method: string, args: readonly unknown[]): unknown {
    return this.#call(this.#context, method, args);
  }

  /** The pixels of a part. */
  pixels(args: readonly unknown[]): Pixels | undefined {
    const found = this.#call(this.#context, "getImageData", args);
    return found instanceof ImageData ? found : undefined;
  }

  /** The whole canvas as the address of a PNG picture. */
  dataUrl(): string {
    const { width, height } = this.#canvas;
    if (width === 0 || height === 0) return "data:,";
    return `data:image/png;base64,${encodePng(this.#context.getImageData(0, 0, width, height))}`;
  }

  /** Makes a picture known under its address, so that it can be drawn. */
  learn(address: string, image: CanvasImageSource): void {
    this.#images.set(address, image);
  }

  /** The canvas itself, for another one that draws it. */
  get image(): CanvasImageSource {
    return this.#canvas;
  }

  #call(target: unknown, method: string, args: readonly unknown[]): unknown {
    const run: unknown = typeof target === "object" && target !== null ? Reflect.get(target, method) : undefined;
    if (typeof run !== "function") return undefined;
    const values = args.map((value) => this.#value(value));
    if (method === "drawImage" && values[0] === undefined) return undefined;
    try {
      return Reflect.apply(run, target, values) as unknown;
    } catch {
      // Wrong arguments draw nothing, as on a phone.
      return undefined;
    }
  }

  #value(value: unknown): unknown {
    if (!isRecord(value)) return value;
    if (typeof value["object"] === "number") return this.#objects.get(value["object"]);
    if (typeof value["image"] === "string") return this.#images.get(value["image"]);
    if (typeof value["pixels"] !== "string") return value;
    return new ImageData(new Uint8ClampedArray(fromBase64(value["pixels"])), Number(value["width"]));
  }
}

/** Width of a letter in parts of its height: a guess for realms without a canvas. */
const NARROW = 0.55;

let measuring: CanvasTwin | undefined;

/** Measures a text in a font of CSS. */
export function measureText(font: string, text: string): { readonly width: number } {
  measuring ??= CanvasTwin.create(1, 1);
  measuring?.draw(["set", "font", font]);
  const measured = measuring?.ask("measureText", [text]);
  if (isMetrics(measured)) return measured;
  const height = Number.parseFloat(/([\d.]+)px/.exec(font)?.[1] ?? "10");
  const widths = Array.from(text, (letter) => (letter.charCodeAt(0) > 0x2e_80 ? height : height * NARROW));
  return { width: widths.reduce((sum, width) => sum + width, 0) };
}

function isMetrics(value: unknown): value is { readonly width: number } {
  return typeof value === "object" && value !== null && "width" in value && typeof value.width === "number";
}
