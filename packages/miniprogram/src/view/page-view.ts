import { Bridge } from "../bus/bridge.ts";
import type { BusClient } from "../bus/bus.ts";
import { type DomOperation, type DrawCommand, VIEW_EVENTS } from "../bus/dom-operation.ts";
import type { InvokeResult } from "../bus/message.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { CanvasElement, describePicture } from "./elements/canvas.ts";
import { isCallable } from "./elements/simple.ts";
import { Gestures } from "./gestures.ts";
import { installHover } from "./hover.ts";
import { animateElement, clearElementAnimation, measure, observeIntersection } from "./measuring.ts";
import { PageScroll } from "./page-scroll.ts";
import { hostMapOf, resolveResource, type ResourceOptions } from "./resources.ts";
import type { EmitOptions, ViewRuntime } from "./runtime.ts";
import { PageStyles } from "./styles.ts";
import { isTreeOperation, ViewTree } from "./tree.ts";

/** Where the files of the mini-program lie. */
export type ViewAddresses = Omit<ResourceOptions, "map">;

/** One page: it applies the operations of the logic layer and reports what the user does. */
export class PageView implements ViewRuntime {
  readonly #bridge: Bridge;
  readonly #tree: ViewTree;
  readonly #scroll: PageScroll;
  readonly #observers = new Map<number, () => void>();
  #afterBatch: (() => void)[] = [];
  #early: DomOperation[] | undefined = [];
  #path = "";
  #resources: ResourceOptions;
  #styles: PageStyles | undefined;

  /** Takes over the body of the document, and the messages of this end of the bus. */
  constructor(client: BusClient, addresses: ViewAddresses) {
    this.#bridge = new Bridge(client);
    this.#resources = { ...addresses, map: new Map() };
    this.#tree = new ViewTree(document.body, this);
    this.#scroll = new PageScroll(
      this.#tree,
      (data) => this.#publish(VIEW_EVENTS.pageScroll, data),
      () => void this.invoke("pulledDown", {}),
    );
    new Gestures(this.#tree, (target, type, detail, options) => this.emit(target, type, detail, options)).listen();
    installHover();
    this.#listen();
  }

  get path(): string {
    return this.#path;
  }

  /** Asks the host what this page is, and applies what came meanwhile. */
  async start(): Promise<void> {
    const page = await this.invoke("viewReady", {});
    this.#path = textOf(page["path"]);
    this.#resources = { ...this.#resources, map: hostMapOf(page["map"]) };
    const styles = isRecord(page["styles"]) ? page["styles"] : {};
    this.#styles = new PageStyles(
      Object.fromEntries(Object.entries(styles).map(([path, text]) => [path, String(text)])),
      this.#resources.assets,
    );
    this.#setSurroundings(page);
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#apply(early);
  }

  emit(element: Element, type: string, detail: unknown, { bubbles = false, fields, changed }: EmitOptions = {}): void {
    const node = this.#tree.numberOf(element);
    if (node === undefined || (changed === undefined && !this.#tree.hasListener(type))) return;
    const { offsetLeft = 0, offsetTop = 0 } = element instanceof HTMLElement ? element : {};
    this.#publish(VIEW_EVENTS.event, {
      node,
      type,
      detail,
      bubbles,
      composed: bubbles,
      fields: { ...fields, targetOffset: { offsetLeft, offsetTop } },
      ...(changed !== undefined && { changed }),
    });
  }

  invoke(api: string, args: unknown): Promise<InvokeResult> {
    return this.#bridge.invoke("WEBVIEW_INVOKE", api, args);
  }

  resolve(address: string): string {
    return resolveResource(address, this.#path, this.#resources);
  }

  afterBatch(run: () => void): void {
    if (this.#afterBatch.length === 0) void Promise.resolve().then(() => this.#finishBatch());
    this.#afterBatch.push(run);
  }

  #listen(): void {
    this.#bridge.on(VIEW_EVENTS.operations, (data) => {
      // Sent by the logic layer of this package, which makes nothing else.
      const operations = data as readonly DomOperation[];
      if (this.#early === undefined) this.#apply(operations);
      else this.#early.push(...operations);
    });
    this.#bridge.on("theme", (data) => {
      if (isRecord(data)) this.#setSurroundings(data);
    });
    this.#bridge.on("pullDown", (data) => this.#scroll.showPull(isRecord(data) && data["isShown"] === true));
  }

  /** What the phone around the page looks like. */
  #setSurroundings({ theme, window, insets }: Readonly<Record<string, unknown>>): void {
    this.#setTheme(theme);
    if (isRecord(window)) this.#scroll.configure(window);
    for (const [side, length] of Object.entries({
      top: 0,
      right: 0,
      bottom: 0,
      left: 0,
      ...(isRecord(insets) && insets),
    }))
      document.documentElement.style.setProperty(`--safe-area-inset-${side}`, `${numberOf(length)}px`);
  }

  #setTheme(theme: unknown): void {
    document.documentElement.classList.toggle("dark", theme === "dark");
    document.documentElement.style.colorScheme = theme === "dark" ? "dark" : "light";
    this.#styles?.setTheme(theme === "dark" ? "dark" : "light");
  }

  #publish(eventName: string, data: unknown): void {
    this.#bridge.send({ command: "WEBVIEW_PUBLISH", data: { eventName, data } });
  }

  #apply(operations: readonly DomOperation[]): void {
    for (const operation of operations) {
      if (isTreeOperation(operation)) this.#tree.apply(operation);
      else this.#carryOut(operation);
    }
    this.#finishBatch();
  }

  #finishBatch(): void {
    for (const run of this.#afterBatch.splice(0)) run();
  }

  #carryOut(operation: Exclude<DomOperation, Parameters<ViewTree["apply"]>[0]>): void {
    switch (operation[0]) {
      case "sheet":
        this.#styles?.append(operation[1], operation[2]);
        return;
      case "rendered":
        this.#answer(operation[1], {});
        return;
      case "measure":
        this.afterBatch(() => this.#answer(operation[1], measure(this.#tree.element(operation[2]), operation[3])));
        return;
      case "observe":
        this.#observe(operation);
        return;
      case "disconnect":
        // What is observed in the same batch begins when it has been applied.
        this.afterBatch(() => this.#disconnect(operation[1]));
        return;
      case "animate":
      case "clearAnimation":
        this.#animate(operation);
        return;
      case "scrollPage":
        this.#scroll.scrollTo(operation[1]);
        return;
      case "call":
        this.#call(operation);
        return;
      case "ask":
        this.#ask(operation);
        return;
      default:
        operation satisfies never;
    }
  }

  #call([, node, method, args]: Extract<DomOperation, readonly ["call", ...unknown[]]>): void {
    const element = this.#tree.element(node);
    // Sent by the logic layer of this package: a drawing is a list of commands.
    if (element instanceof CanvasElement && Array.isArray(args)) element.drawAll(args as readonly DrawCommand[]);
    else if (isCallable(element)) element.call(method, args);
  }

  #ask([, token, node, method, args]: Extract<DomOperation, readonly ["ask", ...unknown[]]>): void {
    const element = this.#tree.element(node);
    const own = isRecord(args) ? args : {};
    const found =
      method === "picture"
        ? describePicture(this.resolve(textOf(own["address"])), own["isDrawn"] === true)
        : element instanceof CanvasElement
          ? element.ask(method, own)
          : Promise.resolve(undefined);
    void found.then(
      (result) => this.#answer(token, result ?? null),
      () => this.#answer(token, null),
    );
  }

  #observe([, token, node, options]: Extract<DomOperation, readonly ["observe", ...unknown[]]>): void {
    this.afterBatch(() => {
      const element = this.#tree.element(node);
      if (element === undefined) return;
      const relativeTo = options.relativeTo === undefined ? undefined : this.#tree.element(options.relativeTo);
      const end = observeIntersection(element, { relativeTo, options }, (entry) =>
        this.#publish(VIEW_EVENTS.intersection, { token, entry }),
      );
      this.#observers.set(token, end);
    });
  }

  #disconnect(token: number): void {
    this.#observers.get(token)?.();
    this.#observers.delete(token);
  }

  #animate(operation: Extract<DomOperation, readonly ["animate" | "clearAnimation", ...unknown[]]>): void {
    const [kind, token, node, options] = operation;
    const element = this.#tree.element(node);
    if (element === undefined) this.#answer(token, {});
    else if (kind === "animate") void animateElement(element, options).then(() => this.#answer(token, {}));
    else {
      clearElementAnimation(element, options);
      this.#answer(token, {});
    }
  }

  #answer(token: number, result: unknown): void {
    this.#publish(VIEW_EVENTS.answer, { token, result });
  }
}
