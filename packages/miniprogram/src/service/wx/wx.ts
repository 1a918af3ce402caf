import type { InvokeResult } from "../../bus/message.ts";
import { isRecord } from "../../is-record.ts";
import { createAnimation } from "../animation.ts";
import { BUILT_IN_PROPERTIES } from "../built-in-properties.ts";
import { componentBehind } from "../component-methods.ts";
import { IntersectionObserver, type IntersectionOptions } from "../intersection-observer.ts";
import type { Launch, SystemInfo } from "../launch.ts";
import { elementControls, select, SelectorQuery, viewElementOf } from "../selector-query.ts";
import type { OpenPage } from "../pages.ts";
import { createMediaApi } from "./audio.ts";
import { canvasApi } from "./canvas-api.ts";
import type { EventHub } from "./event-hub.ts";
import { FileSystem } from "./file-system.ts";
import { HOST_APIS, HOST_EVENTS } from "./host-api.ts";
import { localApi } from "./local-api.ts";
import { type Invoke, Transfers } from "./network.ts";
import { deliver, plainArguments, withName } from "./results.ts";
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
  /** Forgets what was cleared from outside. */
  readonly storage: Storage;
  /** Hands a report about sound to the object that it is about. */
  soundChanged(data: unknown): void;
}

/** Makes `wx`. What is not known fails with a line in the console, and never throws. */
export function createWx(options: WxOptions): Wx {
  const { launch, invoke, hub } = options;
  const files = new FileSystem(launch.userFiles, invoke);
  const transfers = new Transfers(invoke, launch.project.config.networkTimeout, (from, to) => files.keep(from, to));
  const sockets = new Sockets(invoke, launch.project.config.networkTimeout.connectSocket);
  const storage = new Storage(launch.storage, (change) => void invoke("writeStorage", change));
  const media = createMediaApi(invoke);
  const known: Record<string, unknown> = {
    ...Object.fromEntries(HOST_APIS.map((name) => [name, hostApi(name, invoke, files)])),
    ...hub.api(HOST_EVENTS),
    ...systemApi(launch, options.system),
    ...storage.api,
    ...transfers.api,
    ...sockets.api,
    ...media.api,
    ...viewApi(options),
    ...canvasApi(options),
    ...files.api,
    getFileSystemManager: () => files.manager,
    ...localApi(),
  };
  known["canIUse"] = (schema: unknown) => canUse(known, String(schema));
  const api = new Proxy(known, {
    get: (target, key) => {
      if (typeof key !== "string" || Object.hasOwn(target, key)) return Reflect.get(target, key);
      if (key === "then" || key === "toJSON") return undefined;
      return unsupported(key, options.warn);
    },
  });
  return { api, transfers, sockets, storage, soundChanged: media.changed };
}

function hostApi(name: string, invoke: Invoke, files: FileSystem) {
  return (args?: unknown): Promise<InvokeResult> | undefined => {
    const result = invoke(name, plainArguments(args)).then((value) => withName(value, name));
    return deliver(args, FILE_GIVERS.has(name) ? result.then((value) => files.learn(value)) : result);
  };
}

/** What they give is often read at once, by calls that do not wait. */
const FILE_GIVERS: ReadonlySet<string> = new Set(["chooseImage", "chooseMedia", "chooseMessageFile"]);

/** Looks the first two parts of a schema up: an API, or an element of a page. */
function canUse(known: Readonly<Record<string, unknown>>, schema: string): boolean {
  const [name = "", part] = schema.split(".");
  if (!Object.hasOwn(known, name)) return Object.hasOwn(BUILT_IN_PROPERTIES, name);
  return part !== "object" || typeof known[name] === "function";
}

function viewApi({ topPage }: WxOptions): Readonly<Record<string, unknown>> {
  const scopeOf = (component: unknown) => (isRecord(component) ? component : topPage()?.instance);
  // The element may come later than the script that asks for what controls it.
  const control = (id: unknown, component: unknown): object =>
    elementControls((method, args) => {
      const page = topPage();
      const scope = componentBehind(component) ?? page?.component;
      const [node] = select(scope, `#${String(id)}`);
      const element = node === undefined ? undefined : viewElementOf(node);
      if (element !== undefined) page?.context.write(["call", element.node, method, args]);
    });
  return {
    createSelectorQuery: () => new SelectorQuery(topPage()?.component),
    createIntersectionObserver: (component: unknown, options: IntersectionOptions = {}) => {
      const own: unknown = scopeOf(component)?.["createIntersectionObserver"];
      if (typeof own === "function") return Reflect.apply(own, scopeOf(component), [options]) as unknown;
      return new IntersectionObserver(topPage()?.component, options);
    },
    createAnimation,
    createVideoContext: control,
    createAudioContext: control,
    pageScrollTo: (args: unknown) => {
      const own = isRecord(args) ? args : {};
      return deliver(args, scrollPage(own, topPage()));
    },
  };
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
