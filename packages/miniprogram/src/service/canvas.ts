import { systemClock } from "../clock.ts";
import type { DrawCommand } from "../bus/dom-operation.ts";
import { isRecord, textOf } from "../is-record.ts";

// Drawing happens in the view. Here a canvas only takes notes of what is
// called and set, and sends them in batches.

type Send = (commands: readonly DrawCommand[]) => void;

/** Gives a drawing that the view has carried out. */
export interface CanvasLink {
  /** Sends commands, in order. */
  draw: Send;
  /** Size of a picture, for `createImage`. */
  imageSize(address: string): Promise<{ readonly width: number; readonly height: number } | undefined>;
}

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

/** Width of a letter in parts of its height: a guess, for layouts that ask before they draw. */
const NARROW = 0.55;

/** Time of one picture on a screen, in milliseconds. */
const FRAME_MS = 16;

let lastObject = 0;

class Recorder {
  readonly state = new Map<string, unknown>([["font", "10px sans-serif"]]);
  readonly #add: (command: DrawCommand) => void;

  constructor(add: (command: DrawCommand) => void) {
    this.#add = add;
  }

  set(name: string, value: unknown): void {
    this.state.set(name, value);
    this.#add(["set", name, argumentOf(value)]);
  }

  call(name: string, args: readonly unknown[]): unknown {
    if (name === "measureText") return { width: this.#widthOf(String(args[0])) };
    if (name === "getImageData") return { data: new Uint8ClampedArray(4), width: 1, height: 1 };
    if (name === "setFontSize")
      this.set("font", textOf(this.state.get("font")).replace(/[\d.]+px/, `${Number(args[0])}px`));
    else if (name === "setShadow") this.#setShadow(args);
    else if (SETTERS[name] !== undefined) this.set(SETTERS[name], args[0]);
    else if (MAKERS.includes(name)) return this.#make(name, args);
    else this.#add(["call", name, args.map(argumentOf)]);
    return undefined;
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
    this.#add(["make", object, method, own.map(argumentOf)]);
    return { object, addColorStop: (...stop: unknown[]) => this.#add(["tell", object, "addColorStop", stop]) };
  }

  #widthOf(text: string): number {
    const height = Number.parseFloat(/([\d.]+)px/.exec(textOf(this.state.get("font")))?.[1] ?? "10");
    return Array.from(text).reduce(
      (width, letter) => width + (letter.charCodeAt(0) > 0x2e_80 ? height : height * NARROW),
      0,
    );
  }
}

function argumentOf(value: unknown): unknown {
  if (isRecord(value) && typeof value["object"] === "number") return { object: value["object"] };
  if (isRecord(value) && typeof value["src"] === "string") return { image: value["src"] };
  return value ?? null;
}

function contextOf(recorder: Recorder, own: Readonly<Record<string, unknown>>): object {
  return new Proxy(own, {
    get: (target, key) => {
      if (typeof key !== "string" || Object.hasOwn(target, key)) return Reflect.get(target, key);
      // A promise that resolves with a context asks whether it is one itself.
      if (key === "then" || key === "toJSON") return undefined;
      if (recorder.state.has(key)) return recorder.state.get(key);
      return (...args: unknown[]) => recorder.call(key, args);
    },
    set: (_, key, value: unknown) => {
      if (typeof key === "string") recorder.set(key, value);
      return true;
    },
  });
}

/** What `wx.createCanvasContext` gives: nothing is drawn before `draw` is called. */
export function createOldContext(draw: Send): object {
  let commands: DrawCommand[] = [];
  const recorder = new Recorder((command) => void commands.push(command));
  return contextOf(recorder, {
    draw: (isKept: unknown, done: unknown) => {
      draw(isKept === true ? commands : [["clear"], ...commands]);
      commands = [];
      const callback = typeof isKept === "function" ? isKept : done;
      if (typeof callback === "function")
        systemClock.after(FRAME_MS, () => void Reflect.apply(callback, undefined, []));
    },
    drawImage: (image: unknown, ...rest: unknown[]) =>
      void recorder.call("drawImage", [typeof image === "string" ? { src: image } : image, ...rest]),
    // Patterns and dashes are called alike in both forms.
    clearActions: () => void (commands = []),
  });
}

/** A canvas of the kind `type="2d"`: what is called in one turn is drawn together. */
export function createCanvasNode(link: CanvasLink): object {
  let commands: DrawCommand[] = [];
  const add = (command: DrawCommand): void => {
    if (commands.length === 0) {
      void Promise.resolve().then(() => {
        link.draw(commands);
        commands = [];
      });
    }
    commands.push(command);
  };
  const context = contextOf(new Recorder(add), {});
  const size = new Map([
    ["width", 300],
    ["height", 150],
  ]);
  const resize = (side: "height" | "width") => ({
    get: () => size.get(side),
    set: (length: unknown) => {
      size.set(side, Number(length));
      add(["size", side, Number(length)]);
    },
  });
  const frames = new FrameRequests();
  const node = {
    getContext: () => context,
    createImage: () => createImage(link),
    requestAnimationFrame: (run: () => void) => frames.request(run),
    cancelAnimationFrame: (frame: number) => frames.cancel(frame),
    toDataURL: () => "",
  };
  return Object.defineProperties(node, { width: resize("width"), height: resize("height") });
}

/** Callbacks for the next picture, by number. */
class FrameRequests {
  readonly #cancels = new Map<number, () => void>();
  #lastFrame = 0;

  request(run: () => void): number {
    const frame = ++this.#lastFrame;
    this.#cancels.set(
      frame,
      systemClock.after(FRAME_MS, () => {
        this.#cancels.delete(frame);
        run();
      }),
    );
    return frame;
  }

  cancel(frame: number): void {
    this.#cancels.get(frame)?.();
    this.#cancels.delete(frame);
  }
}

function createImage(link: CanvasLink): object {
  const image: Record<string, unknown> = { width: 0, height: 0 };
  let address = "";
  Object.defineProperty(image, "src", {
    enumerable: true,
    get: () => address,
    set: (value: unknown) => {
      address = String(value);
      void link.imageSize(address).then((found) => {
        if (found !== undefined) Object.assign(image, found);
        const listener = image[found === undefined ? "onerror" : "onload"];
        if (typeof listener === "function") Reflect.apply(listener, image, [{}]);
      });
    },
  });
  return image;
}
