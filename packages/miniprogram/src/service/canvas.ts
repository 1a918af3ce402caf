import { systemClock } from "../clock.ts";
import type { DrawCommand } from "../bus/dom-operation.ts";
import { CanvasTwin } from "./canvas-twin.ts";
import { createPixels, DrawRecorder, keepBitmap, keepTwin, twinOf } from "./draw-recorder.ts";

// Drawing happens in the view. Here a canvas takes notes of what is called and
// set, and sends them in batches; a twin answers what a script asks meanwhile.

type Send = (commands: readonly DrawCommand[]) => void;

/** Gives a drawing that the view has carried out. */
export interface CanvasLink {
  /** Sends commands, in order. */
  draw: Send;
  /** A picture, for `createImage`; `undefined` when there is none. */
  image(address: string): Promise<LoadedImage | undefined>;
}

/** A picture that a canvas may draw. */
export interface LoadedImage {
  /** In pixels of the picture. */
  readonly width: number;
  /** In pixels of the picture. */
  readonly height: number;
  /** What the twin of a canvas draws, where there is one. */
  readonly bitmap?: CanvasImageSource;
}

/** Time of one picture on a screen, in milliseconds. */
const FRAME_MS = 16;

function contextOf(recorder: DrawRecorder, own: Readonly<Record<string, unknown>>): object {
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
  const recorder = new DrawRecorder((command) => void commands.push(command));
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

const DEFAULT_SIZE = { width: 300, height: 150 };

/** A canvas of the kind `type="2d"`: what is called in one turn is drawn together. */
export function createCanvasNode(link: CanvasLink, initial = DEFAULT_SIZE): object {
  const twin = CanvasTwin.create(initial.width, initial.height);
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
  const size = new Map(Object.entries(initial));
  const resize = (side: "height" | "width") => ({
    get: () => size.get(side),
    set: (length: unknown) => {
      size.set(side, Number(length));
      twin?.draw(["size", side, Number(length)]);
      add(["size", side, Number(length)]);
    },
  });
  const own: Record<string, unknown> = {};
  const context = contextOf(new DrawRecorder(add, twin), own);
  const frames = new FrameRequests();
  const node = {
    getContext: (kind: unknown) => (kind === undefined || kind === "2d" ? context : null),
    createImage: () => createImage(link),
    requestAnimationFrame: (run: () => void) => frames.request(run),
    cancelAnimationFrame: (frame: number) => frames.cancel(frame),
    toDataURL: () => twin?.dataUrl() ?? "data:,",
    createImageData: (...args: unknown[]) => createPixels(args),
  };
  if (twin !== undefined) keepTwin(node, twin);
  own["canvas"] = node;
  return Object.defineProperties(node, { width: resize("width"), height: resize("height") });
}

/** A canvas that no page shows. */
export function createOffscreenCanvas(link: CanvasLink, width: number, height: number): object {
  return createCanvasNode({ ...link, draw: () => {} }, { width, height });
}

/** The picture of a canvas that no page shows, as an address; `undefined` for others. */
export function pictureOf(canvas: object): string | undefined {
  return twinOf(canvas)?.dataUrl();
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
      void link.image(address).then((found) => {
        if (found !== undefined) Object.assign(image, { width: found.width, height: found.height });
        if (found?.bitmap !== undefined) keepBitmap(image, found.bitmap);
        const listener = image[found === undefined ? "onerror" : "onload"];
        if (typeof listener === "function") Reflect.apply(listener, image, [{}]);
      });
    },
  });
  return image;
}
