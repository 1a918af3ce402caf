import type { DrawCommand } from "../../bus/dom-operation.ts";
import { isRecord } from "../../is-record.ts";
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

  /** The picture as it is, when everything before has been drawn. */
  async snapshot(type: string): Promise<string> {
    await this.#drawing;
    return this.#canvas.toDataURL(type);
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
    return typeof value["image"] === "string" ? this.#image(value["image"]) : value;
  }

  #image(source: string): Promise<HTMLImageElement | undefined> {
    const known = this.#images.get(source);
    if (known !== undefined) return known;
    const image = new Image();
    // A picture of another origin must not make the canvas unreadable.
    image.crossOrigin = "anonymous";
    image.src = this.runtime.resolve(source);
    const loaded = image.decode().then(
      () => image,
      () => undefined,
    );
    this.#images.set(source, loaded);
    return loaded;
  }
}
