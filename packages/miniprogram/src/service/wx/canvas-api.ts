import { Component, Element as FrameworkElement } from "glass-easel";
import type { InvokeResult } from "../../bus/message.ts";
import { isRecord, numberOf, textOf } from "../../is-record.ts";
import { createOffscreenCanvas, createOldContext, pictureOf } from "../canvas.ts";
import { componentBehind } from "../component-methods.ts";
import type { OpenPage } from "../pages.ts";
import { askElement, canvasElementOf, loadImage, viewElementOf } from "../selector-query.ts";
import type { ViewElement } from "../view-element.ts";
import { fromBase64, toBase64 } from "./binary.ts";
import type { Invoke } from "./network.ts";
import { deliver, withName } from "./results.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** What drawing needs of the logic layer around it. */
export interface CanvasApiOptions {
  readonly invoke: Invoke;
  /** The page that can be seen. */
  readonly topPage: () => OpenPage | undefined;
}

/** The functions of `wx` that draw, and those that read what was drawn. */
export function canvasApi({ invoke, topPage }: CanvasApiOptions): Readonly<Record<string, unknown>> {
  const ask = (element: ViewElement, method: string, args: unknown): Promise<unknown> => {
    const context = topPage()?.context;
    return context === undefined ? Promise.resolve(undefined) : askElement(context, element.node, method, args);
  };
  const keep = async (address: unknown): Promise<InvokeResult> => {
    const [, type = "image/png", base64 = ""] = /^data:([^;,]+);base64,(.*)$/.exec(textOf(address)) ?? [];
    if (base64 === "") return { errMsg: "canvasToTempFilePath:fail the canvas cannot be read" };
    return withName(await invoke("keepFile", { base64, type }), "canvasToTempFilePath");
  };
  const save = async (args: Arguments, component: unknown): Promise<InvokeResult> => {
    const { canvas } = args;
    const element = isRecord(canvas) ? canvasElementOf(canvas) : canvasOf(args["canvasId"], component, topPage());
    if (element !== undefined) return keep(await ask(element, "snapshot", snapshotArguments(args)));
    if (isRecord(canvas)) return keep(pictureOf(canvas));
    return { errMsg: "canvasToTempFilePath:fail canvas is empty" };
  };
  const read = async (args: Arguments, component: unknown): Promise<InvokeResult> => {
    const element = canvasOf(args["canvasId"], component, topPage());
    const found = element === undefined ? undefined : await ask(element, "pixels", args);
    if (!isRecord(found)) return { errMsg: "canvasGetImageData:fail canvas is empty" };
    const data = new Uint8ClampedArray(fromBase64(textOf(found["base64"])));
    return { errMsg: "canvasGetImageData:ok", data, width: found["width"], height: found["height"] };
  };
  const write = async (args: Arguments, component: unknown): Promise<InvokeResult> => {
    const element = canvasOf(args["canvasId"], component, topPage());
    const { data } = args;
    if (element === undefined || !ArrayBuffer.isView(data))
      return { errMsg: "canvasPutImageData:fail canvas is empty" };
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer;
    const { x, y, width, height } = args;
    await ask(element, "putPixels", { base64: toBase64(bytes), x, y, width, height });
    return { errMsg: "canvasPutImageData:ok" };
  };
  const later = (run: (args: Arguments, component: unknown) => Promise<InvokeResult>) => (args: unknown, of: unknown) =>
    deliver(args, run(isRecord(args) ? args : {}, of));
  return {
    createCanvasContext: (id: unknown, component: unknown) =>
      createOldContext((commands) => {
        // A script may ask for the context before the page has its canvas.
        const element = canvasOf(id, component, topPage());
        if (element !== undefined) topPage()?.context.write(["call", element.node, "draw", commands]);
      }),
    createOffscreenCanvas: (options: unknown, height: unknown) => {
      const size = isRecord(options) ? options : { width: options, height };
      const image = (address: string) => {
        const context = topPage()?.context;
        return context === undefined ? Promise.resolve(undefined) : loadImage(context, address);
      };
      const link = { draw: () => {}, image };
      return createOffscreenCanvas(link, numberOf(size["width"], 300), numberOf(size["height"], 150));
    },
    canvasToTempFilePath: later(save),
    canvasGetImageData: later(read),
    canvasPutImageData: later(write),
  };
}

function snapshotArguments(args: Arguments): Arguments {
  const { x, y, width, height, destWidth, destHeight, quality } = args;
  const type = args["fileType"] === "jpg" ? "image/jpeg" : "image/png";
  const given = Object.entries({ x, y, width, height, destWidth, destHeight, quality });
  return { type, ...Object.fromEntries(given.filter(([, value]) => typeof value === "number")) };
}

/** A canvas by its `canvas-id`, which older projects use in the place of an id. */
function canvasOf(id: unknown, component: unknown, page: OpenPage | undefined): ViewElement | undefined {
  const scope = componentBehind(component) ?? page?.component;
  if (scope === undefined) return undefined;
  const find = (node: FrameworkElement): FrameworkElement | undefined => {
    if (Component.isComponent(node) && node.is === "built-in:canvas") {
      const data: unknown = node.data;
      if (node.id === id || (isRecord(data) && data["canvasId"] === id)) return node;
    }
    for (const child of node.childNodes) {
      const found = FrameworkElement.isElement(child) ? find(child) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const root = scope.getShadowRoot();
  const found = root === null ? undefined : find(root);
  return found === undefined ? undefined : viewElementOf(found);
}
