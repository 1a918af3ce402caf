import {
  type composedBackend,
  type Element as FrameworkElement,
  Event,
  type EventBubbleStatus,
  type EventOptions,
} from "glass-easel";
import {
  type DomOperation,
  type MeasureFields,
  type ObserveOptions,
  ROOT_NODE,
  type ViewEvent,
} from "../bus/dom-operation.ts";
import { isRecord, numberOf } from "../is-record.ts";
import { BUILT_IN_PROPERTIES } from "./built-in-properties.ts";
import { type ElementOwner, ViewElement } from "./view-element.ts";

/** What the contexts of all pages share. */
export interface ViewEnvironment {
  /** Sends a batch to a page's view. */
  send(webviewId: number, operations: readonly DomOperation[]): void;
  /** Name of a style scope. */
  scopeName(scope: number): string;
  /** Width and height of a page, in CSS pixels. */
  readonly window: { readonly width: number; readonly height: number; readonly pixelRatio: number };
  /** `"light"` or `"dark"`. */
  readonly theme: string;
  /** Whether style sheets look at `data-` fields. */
  readonly hasDatasetStyles: boolean;
  /** Writes a warning to the project's console, the same one once. */
  warn(text: string): void;
}

/** The value of `BackendMode.Composed`, which the framework's package does not export as a value. */
const COMPOSED_MODE = 2;

type FrameworkListener = (
  target: FrameworkElement,
  type: string,
  detail: unknown,
  options: EventOptions,
) => EventBubbleStatus | void;

/**
 * One page as the framework sees it. Changes of one turn of the event loop travel to the view as one batch, in
 * order; events and answers come back by node and token.
 */
export class ViewContext implements composedBackend.Context, ElementOwner {
  readonly mode = COMPOSED_MODE;
  /** Number of the page's view. */
  readonly webviewId: number;
  readonly #environment: ViewEnvironment;
  readonly #root: ViewElement;
  readonly #elements = new Map<number, ViewElement>();
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #observers = new Map<number, (entry: unknown) => void>();
  #batch: DomOperation[] = [];
  #lastNode = ROOT_NODE;
  #lastToken = 0;
  #known: { readonly node: number; readonly values: Readonly<Record<string, unknown>> } | undefined;
  #isDestroyed = false;

  /** Makes the context of a page that has only a body. */
  constructor(webviewId: number, environment: ViewEnvironment) {
    this.webviewId = webviewId;
    this.#environment = environment;
    this.#root = new ViewElement(this, ROOT_NODE);
  }

  get hasDatasetStyles(): boolean {
    return this.#environment.hasDatasetStyles;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  getWindowWidth(): number {
    return this.#environment.window.width;
  }

  getWindowHeight(): number {
    return this.#environment.window.height;
  }

  getDevicePixelRatio(): number {
    return this.#environment.window.pixelRatio;
  }

  getTheme(): string {
    return this.#environment.theme;
  }

  registerStyleSheetContent(): void {
    // Views load the styles of a project by themselves.
  }

  appendStyleSheetPath(path: string, styleScope?: number): number {
    this.write(["sheet", path, styleScope === undefined ? "" : this.scopeName(styleScope)]);
    return 0;
  }

  disableStyleSheet(): void {
    // A page keeps its styles as long as it lives.
  }

  render(callback: (error: Error | null) => void): void {
    this.ask(
      (token) => ["rendered", token],
      () => callback(null),
    );
  }

  getRootNode(): ViewElement {
    return this.#root;
  }

  createElement(hostTag: string, tag: string): ViewElement {
    return this.#make((node) => ["element", node, tagInView(hostTag, tag)]);
  }

  createTextNode(content: string): ViewElement {
    return this.#make((node) => ["text", node, content]);
  }

  createFragment(): ViewElement {
    return this.#make((node) => ["fragment", node]);
  }

  onEvent(_listener: FrameworkListener): void {
    // Events are dispatched by `dispatch`, which knows the fields beside the detail.
  }

  write(operation: DomOperation): void {
    if (this.#isDestroyed || this.#isKnown(operation)) return;
    if (this.#batch.length === 0) void Promise.resolve().then(() => this.flush());
    this.#batch.push(operation);
  }

  scopeName(scope: number): string {
    return this.#environment.scopeName(scope);
  }

  associated(element: ViewElement): void {
    this.#elements.set(element.node, element);
  }

  released(element: ViewElement): void {
    this.#elements.delete(element.node);
  }

  /** Sends what was written so far. */
  flush(): void {
    const batch = this.#batch;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#environment.send(this.webviewId, batch);
  }

  /** Measures a node; 0 is the page. Never answers when the page is gone. */
  measure(node: number, fields: MeasureFields, answer: (result: unknown) => void): void {
    this.ask((token) => ["measure", token, node, fields], answer);
  }

  /** Observes a node; the returned function ends it. */
  observe(node: number, options: ObserveOptions, listener: (entry: unknown) => void): () => void {
    const token = ++this.#lastToken;
    this.#observers.set(token, listener);
    this.write(["observe", token, node, options]);
    return () => {
      if (this.#observers.delete(token)) this.write(["disconnect", token]);
    };
  }

  /** Sends an operation with a token, and hands its answer on. */
  ask(operation: (token: number) => DomOperation, answer: (result: unknown) => void): void {
    const token = ++this.#lastToken;
    this.#answers.set(token, answer);
    this.write(operation(token));
  }

  /** Takes an answer of the view. */
  answered(data: unknown): void {
    if (!isRecord(data)) return;
    const token = numberOf(data["token"]);
    const answer = this.#answers.get(token);
    this.#answers.delete(token);
    answer?.(data["result"]);
  }

  /** Takes an entry of an intersection observer. */
  intersected(data: unknown): void {
    if (isRecord(data)) this.#observers.get(numberOf(data["token"]))?.(data["entry"]);
  }

  /** The framework's node of that number. */
  nodeOf(node: number): FrameworkElement | undefined {
    return this.#elements.get(node)?.__wxElement;
  }

  /** A template names a function that its component does not have. */
  missesHandler(path: string, name: string): void {
    this.#environment.warn(`Component "${path}" does not have a method "${name}" to handle an event`);
  }

  /** Runs a change that makes these values the attributes of a node: the view has them already. */
  silently(node: number, values: Readonly<Record<string, unknown>>, change: () => void): void {
    this.#known = { node, values };
    try {
      change();
    } finally {
      this.#known = undefined;
    }
  }

  /** Hands an event of the view to the listeners of the project. */
  dispatch(
    { node, type, detail, bubbles, composed, fields }: ViewEvent,
    handleReturn?: (value: unknown) => void,
  ): void {
    const target = this.nodeOf(node);
    if (target === undefined) return;
    const event = new Event(type, detail, {
      bubbles,
      composed,
      capturePhase: true,
      ...(fields !== undefined && { extraFields: { ...fields } }),
      // A handler that returns false does not stop the event: that is for
      // frameworks whose listeners know each other.
      handleListenerReturn: (value) => {
        handleReturn?.(value);
      },
    });
    Event.dispatchEvent(target, event);
  }

  /** An observer of the project may make another value of what was typed: that one the view does not have. */
  #isKnown(operation: DomOperation): boolean {
    if (operation[0] !== "attribute" || operation[1] !== this.#known?.node) return false;
    const [, , name, value] = operation;
    return (
      Object.hasOwn(this.#known.values, name) && JSON.stringify(this.#known.values[name]) === JSON.stringify(value)
    );
  }

  #make(operation: (node: number) => DomOperation): ViewElement {
    const element = new ViewElement(this, ++this.#lastNode);
    this.write(operation(element.node));
    return element;
  }
}

/** A component's element bears its name, so that style sheets find it; one that is called like a built-in does not. */
function tagInView(hostTag: string, tag: string): string {
  if (hostTag.startsWith("wx-") && hostTag !== "wx-x") return hostTag;
  const isTaken = Object.hasOwn(BUILT_IN_PROPERTIES, tag) || !/^[a-z][a-z0-9-]*$/.test(tag);
  return isTaken ? "wx-x" : `wx-${tag}`;
}
