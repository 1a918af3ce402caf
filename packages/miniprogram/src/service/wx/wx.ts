import { Component, Element as FrameworkElement } from "glass-easel";
import type { InvokeResult } from "../../bus/message.ts";
import { isRecord } from "../../is-record.ts";
import { createAnimation } from "../animation.ts";
import { createOldContext } from "../canvas.ts";
import { componentBehind } from "../component-methods.ts";
import { IntersectionObserver, type IntersectionOptions } from "../intersection-observer.ts";
import type { Launch, SystemInfo } from "../launch.ts";
import { canvasElementOf, elementControls, select, SelectorQuery, viewElementOf } from "../selector-query.ts";
import type { ViewElement } from "../view-element.ts";
import type { OpenPage } from "../pages.ts";
import { createMediaApi } from "./audio.ts";
import { fromBase64, toBase64 } from "./binary.ts";
import type { EventHub } from "./event-hub.ts";
import { FileSystem } from "./file-system.ts";
import { HOST_APIS, HOST_EVENTS } from "./host-api.ts";
import { type Invoke, Transfers } from "./network.ts";
import { deliver, plainArguments, settle } from "./results.ts";
import { Sockets } from "./sockets.ts";
import { Storage } from "./storage.ts";
import { systemApi } from "./system.ts";
import { unsupported } from "./unsupported.ts";

/** What `wx` needs of the logic layer around it. */
export interface WxOptions {
  readonly launch: Launch;
  readonly hub: EventHub;
  readonly invoke: Invoke;
  /** What is true of the phone now. */
  readonly system: () => SystemInfo;
  /** The page that can be seen. */
  readonly topPage: () => OpenPage | undefined;
  /** Writes a warning to the project's console. */
  readonly warn: (text: string) => void;
}

/** `wx`, and where reports of the host go. */
export interface Wx {
  /** The object that projects see. */
  readonly api: object;
  /** Takes reports about transfers. */
  readonly transfers: Transfers;
  /** Takes reports about sockets. */
  readonly sockets: Sockets;
  /** Hands a report about sound to the object that it is about. */
  soundChanged(data: unknown): void;
}

/** Makes `wx`. What is not known fails with a line in the console, and never throws. */
export function createWx(options: WxOptions): Wx {
  const { launch, invoke, hub } = options;
  const transfers = new Transfers(invoke, launch.project.config.networkTimeout);
  const sockets = new Sockets(invoke, launch.project.config.networkTimeout.connectSocket);
  const storage = new Storage(launch.storage, (change) => void invoke("writeStorage", change));
  const media = createMediaApi(invoke);
  const known: Record<string, unknown> = {
    ...Object.fromEntries(HOST_APIS.map((name) => [name, hostApi(name, invoke)])),
    ...hub.api(HOST_EVENTS),
    ...systemApi(launch, options.system),
    ...storage.api,
    ...transfers.api,
    ...sockets.api,
    ...media.api,
    ...viewApi(options),
    ...smallApi(options),
  };
  known["canIUse"] = (schema: unknown) => canUse(known, String(schema));
  const api = new Proxy(known, {
    get: (target, key) => {
      if (typeof key !== "string" || Object.hasOwn(target, key)) return Reflect.get(target, key);
      if (key === "then" || key === "toJSON") return undefined;
      return unsupported(key, options.warn);
    },
  });
  return { api, transfers, sockets, soundChanged: media.changed };
}

function hostApi(name: string, invoke: Invoke): (args?: unknown) => Promise<InvokeResult> | undefined {
  return (args) => {
    const result = invoke(name, plainArguments(args)).then((value) => withName(value, name));
    return deliver(args, result);
  };
}

function withName(result: InvokeResult, name: string): InvokeResult {
  return result.errMsg.startsWith(`${name}:`) ? result : { ...result, errMsg: result.errMsg.replace(/^[^:]*/, name) };
}

/** Looks the first two parts of a schema up: an API, or an element of a page. */
function canUse(known: Readonly<Record<string, unknown>>, schema: string): boolean {
  const [name = "", part] = schema.split(".");
  if (!Object.hasOwn(known, name)) return /^(button|input|view|text|image|scroll-view|swiper|picker)$/.test(name);
  return part !== "object" || typeof known[name] === "function";
}

function viewApi({ topPage, invoke }: WxOptions): Readonly<Record<string, unknown>> {
  const scopeOf = (component: unknown) => (isRecord(component) ? component : topPage()?.instance);
  const saveCanvas = async (args: Readonly<Record<string, unknown>>, component: unknown): Promise<InvokeResult> => {
    const { canvas } = args;
    const element = isRecord(canvas) ? canvasElementOf(canvas) : canvasOf(args["canvasId"], component, topPage());
    const context = topPage()?.context;
    if (element === undefined || context === undefined) return { errMsg: "canvasToTempFilePath:fail canvas is empty" };
    const type = args["fileType"] === "jpg" ? "image/jpeg" : "image/png";
    const address = await new Promise<unknown>((resolve) => {
      context.ask((token) => ["ask", token, element.node, "snapshot", type], resolve);
    });
    const base64 = String(address).split(",")[1] ?? "";
    if (base64 === "") return { errMsg: "canvasToTempFilePath:fail the canvas cannot be read" };
    return withName(await invoke("keepFile", { base64, type }), "canvasToTempFilePath");
  };
  const control = (id: unknown, component: unknown): object => {
    const page = topPage();
    const [node] = page === undefined ? [] : select(page.component, `#${String(id)}`);
    const element = node === undefined ? undefined : viewElementOf(node);
    return element === undefined ? { component } : elementControls(element, page?.context);
  };
  return {
    createSelectorQuery: () => new SelectorQuery(topPage()?.component),
    createIntersectionObserver: (component: unknown, options: IntersectionOptions = {}) => {
      const own: unknown = scopeOf(component)?.["createIntersectionObserver"];
      if (typeof own === "function") return Reflect.apply(own, scopeOf(component), [options]) as unknown;
      return new IntersectionObserver(topPage()?.component, options);
    },
    createAnimation,
    createCanvasContext: (id: unknown, component: unknown) => {
      const element = canvasOf(id, component, topPage());
      return createOldContext((commands) => {
        if (element !== undefined) topPage()?.context.write(["call", element.node, "draw", commands]);
      });
    },
    canvasToTempFilePath: (args: unknown, component: unknown) =>
      deliver(args, saveCanvas(isRecord(args) ? args : {}, component)),
    createVideoContext: control,
    createMapContext: control,
    createCameraContext: () => ({}),
    pageScrollTo: (args: unknown) => {
      const own = isRecord(args) ? args : {};
      return deliver(args, scrollPage(own, topPage()));
    },
  };
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

async function scrollPage(args: Readonly<Record<string, unknown>>, page: OpenPage | undefined): Promise<InvokeResult> {
  if (page === undefined) return { errMsg: "pageScrollTo:fail no page" };
  const durationMs = typeof args["duration"] === "number" ? args["duration"] : 300;
  const top =
    typeof args["selector"] === "string" ? await topOf(args["selector"], page) : Number(args["scrollTop"] ?? 0);
  page.context.write(["scrollPage", { top, durationMs }]);
  return { errMsg: "pageScrollTo:ok" };
}

function topOf(selector: string, page: OpenPage): Promise<number> {
  return new Promise((resolve) => {
    new SelectorQuery(page.component)
      .select(selector)
      .boundingClientRect()
      .selectViewport()
      .scrollOffset()
      .exec((results) => {
        const [rect, scroll] = Array.isArray(results) ? results : [];
        resolve(
          Number((isRecord(rect) ? rect["top"] : 0) ?? 0) + Number((isRecord(scroll) ? scroll["scrollTop"] : 0) ?? 0),
        );
      });
  });
}

function smallApi({ invoke }: WxOptions): Readonly<Record<string, unknown>> {
  const files = new FileSystem(invoke);
  const nothing = (): void => {};
  return {
    arrayBufferToBase64: toBase64,
    base64ToArrayBuffer: fromBase64,
    nextTick: (run: unknown) =>
      void Promise.resolve().then(() => (typeof run === "function" ? Reflect.apply(run, undefined, []) : undefined)),
    getFileSystemManager: () => files.manager,
    getUpdateManager: () => ({
      applyUpdate: nothing,
      onCheckForUpdate: answerLater,
      onUpdateReady: nothing,
      onUpdateFailed: nothing,
    }),
    getPerformance: () => ({
      now: () => 0,
      getEntries: () => [],
      createObserver: () => ({ observe: nothing, disconnect: nothing }),
    }),
    getLogManager: () => ({ debug: nothing, info: nothing, log: nothing, warn: nothing }),
    getRealtimeLogManager: () => ({
      info: nothing,
      warn: nothing,
      error: nothing,
      setFilterMsg: nothing,
      addFilterMsg: nothing,
    }),
    reportAnalytics: nothing,
    reportEvent: nothing,
    reportMonitor: nothing,
    reportPerformance: nothing,
    setEnableDebug: (args: unknown) => settle(args, { errMsg: "setEnableDebug:ok" }),
    enableAlertBeforeUnload: (args: unknown) => settle(args, { errMsg: "enableAlertBeforeUnload:ok" }),
    disableAlertBeforeUnload: (args: unknown) => settle(args, { errMsg: "disableAlertBeforeUnload:ok" }),
    loadFontFace: (args: unknown) => settle(args, { errMsg: "loadFontFace:ok", status: "loaded" }),
    preloadPage: nothing,
  };
}

/** A runner has always the newest version of a project. */
function answerLater(listener: unknown): void {
  if (typeof listener === "function")
    void Promise.resolve().then(() => Reflect.apply(listener, undefined, [{ hasUpdate: false }]));
}
