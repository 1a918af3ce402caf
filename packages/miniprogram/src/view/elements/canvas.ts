import type { DrawCommand } from "../../bus/dom-operation.ts";
import { isRecord, numberOf, textOf } from "../../is-record.ts";
import { fromBase64, toBase64 } from "../../service/wx/binary.ts";
import { DrawnElement, make } from "./built-in-element.ts";

/** `<canvas>`: draws what the logic layer noted down. */
export class CanvasElement extends DrawnElement {
  readonly #canvas = make("canvas");
  readonly #objects = new Map<number, unknown>();
  readonly #images = new Map<string, Promise<HTMLImageElement | undefined>>();
  #drawing: Promise<void> = Promise.resolve();
  #isSized = false;

  constructor() {
    super();
    const style =
      ":host { display: block; position: relative; width: 300px; height: 150px; } canvas { position: absolute; inset: 0; width: 100%; height: 100%; }";
    this.draw(style, this.#canvas, make("slot"));
  }

  /** Draws commands, after those before them. */
  drawAll(commands: readonly DrawCommand[]): void {
    this.#drawing = this.#drawing.then(() => this.#draw(commands));
  }

  /** Answers a question of the logic layer when everything before has been drawn. */
  async ask(method: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    await this.#drawing;
    const context = this.#canvas.getContext("2d");
    if (context === null) return undefined;
    const part = this.#part(args);
    if (method === "snapshot") return this.#snapshot(part, args);
    if (method === "pixels") return readPixels(context, part);
    if (method === "putPixels") writePixels(context, args, this.#scale);
    return undefined;
  }

  /** Pixels of the canvas for one unit of the project: the old kind counts in CSS pixels. */
  get #scale(): number {
    return this.text("type") === "2d" ? 1 : devicePixelRatio;
  }

  #part(args: Readonly<Record<string, unknown>>): Part {
    const scale = this.#scale;
    const { width, height } = this.#canvas;
    const [x, y] = [numberOf(args["x"]) * scale, numberOf(args["y"]) * scale];
    return {
      x,
      y,
      width: Math.max(1, numberOf(args["width"], (width - x) / scale) * scale),
      height: Math.max(1, numberOf(args["height"], (height - y) / scale) * scale),
    };
  }

  #snapshot({ x, y, width, height }: Part, args: Readonly<Record<string, unknown>>): string {
    const copy = make("canvas");
    copy.width = Math.min(8_192, numberOf(args["destWidth"], width));
    copy.height = Math.min(8_192, numberOf(args["destHeight"], height));
    const type = textOf(args["type"], "image/png");
    const context = copy.getContext("2d");
    // A picture without opacity is white where nothing was drawn, as on a phone.
    if (context !== null && type === "image/jpeg") {
      context.fillStyle = "#fff";
      context.fillRect(0, 0, copy.width, copy.height);
    }
    context?.drawImage(this.#canvas, x, y, width, height, 0, 0, copy.width, copy.height);
    return copy.toDataURL(type, numberOf(args["quality"], 1));
  }

  protected changed(): void {
    // Its kind decides nothing before something is drawn.
  }

  async #draw(commands: readonly DrawCommand[]): Promise<void> {
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    if (!this.#isSized && this.text("type") !== "2d") this.#fit(context);
    for (const command of commands) await this.#carryOut(context, command);
  }

  /** The old kind of canvas counts in CSS pixels. */
  #fit(context: CanvasRenderingContext2D): void {
    this.#isSized = true;
    this.#canvas.width = this.clientWidth * devicePixelRatio;
    this.#canvas.height = this.clientHeight * devicePixelRatio;
    context.scale(devicePixelRatio, devicePixelRatio);
  }

  async #carryOut(context: CanvasRenderingContext2D, command: DrawCommand): Promise<void> {
    switch (command[0]) {
      case "clear":
        context.save();
        context.resetTransform();
        context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
        context.restore();
        return;
      case "size":
        this.#canvas[command[1]] = Math.min(8_192, Math.max(0, command[2]));
        return;
      case "set":
        if (command[1] in context) Reflect.set(context, command[1], await this.#value(command[2]));
        return;
      case "make":
        this.#objects.set(command[1], await this.#call(context, command[2], command[3]));
        return;
      case "call":
        await this.#call(context, command[1], command[2]);
        return;
      case "tell":
        await this.#call(this.#objects.get(command[1]), command[2], command[3]);
        return;
      default:
        command satisfies never;
    }
  }

  async #call(target: unknown, method: string, args: readonly unknown[]): Promise<unknown> {
    const run: unknown = typeof target === "object" && target !== null ? Reflect.get(target, method) : undefined;
    if (typeof run !== "function") return undefined;
    const values = await Promise.all(args.map((value) => this.#value(value)));
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
    if (typeof value["pixels"] === "string") return imageData(value["pixels"], numberOf(value["width"], 1));
    return typeof value["image"] === "string" ? this.#image(value["image"]) : value;
  }

  #image(source: string): Promise<HTMLImageElement | undefined> {
    const known = this.#images.get(source);
    if (known !== undefined) return known;
    const loaded = loadImage(this.runtime.resolve(source));
    this.#images.set(source, loaded);
    return loaded;
  }
}

interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Largest picture that is handed to the logic layer, in pixels. */
const MAX_COPIED_PIXELS = 2_000_000;

/** Loads a picture; `undefined` when there is none. */
async function loadImage(address: string): Promise<HTMLImageElement | undefined> {
  const image = new Image();
  // A picture of another origin must not make the canvas unreadable.
  image.crossOrigin = "anonymous";
  image.src = address;
  try {
    await image.decode();
    return image;
  } catch {
    // Not there, or no picture.
    return undefined;
  }
}

/** Size of a picture and, when it `isDrawn` in the logic layer as well, what it looks like. */
export async function describePicture(address: string, isDrawn: boolean): Promise<unknown> {
  const image = await loadImage(address);
  if (image === undefined) return {};
  const { naturalWidth: width, naturalHeight: height } = image;
  if (!isDrawn || width * height > MAX_COPIED_PIXELS) return { width, height };
  const copy = make("canvas");
  [copy.width, copy.height] = [width, height];
  copy.getContext("2d")?.drawImage(image, 0, 0);
  return { width, height, base64: copy.toDataURL("image/png").split(",")[1] ?? "" };
}

function readPixels(context: CanvasRenderingContext2D, { x, y, width, height }: Part): object {
  const pixels = context.getImageData(Math.round(x), Math.round(y), Math.round(width), Math.round(height));
  return { base64: toBase64(pixels.data.slice().buffer), width: pixels.width, height: pixels.height };
}

function writePixels(context: CanvasRenderingContext2D, args: Readonly<Record<string, unknown>>, scale: number): void {
  const pixels = imageData(textOf(args["base64"]), numberOf(args["width"], 1));
  context.putImageData(pixels, numberOf(args["x"]) * scale, numberOf(args["y"]) * scale);
}

function imageData(base64: string, width: number): ImageData {
  return new ImageData(new Uint8ClampedArray(fromBase64(base64)), width);
}
