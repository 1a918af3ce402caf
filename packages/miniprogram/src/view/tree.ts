import { type DomOperation, ROOT_NODE } from "../bus/dom-operation.ts";
import { replaceUrls } from "../css-url.ts";
import { textFrom } from "../is-record.ts";
import { replaceRpx } from "../rpx.ts";
import { replaceSafeArea } from "../safe-area.ts";
import { applyCommonProperty } from "./common-properties.ts";
import { BuiltInElement } from "./elements/built-in-element.ts";
import type { ViewRuntime } from "./runtime.ts";

type TreeOperation = Extract<
  DomOperation,
  readonly [
    (
      | "addClass"
      | "append"
      | "attribute"
      | "clearClasses"
      | "content"
      | "cut"
      | "element"
      | "fragment"
      | "id"
      | "insert"
      | "listen"
      | "release"
      | "remove"
      | "removeAttribute"
      | "removeClass"
      | "replace"
      | "splice"
      | "style"
      | "text"
    ),
    ...unknown[],
  ]
>;

/** Tells whether an operation changes the tree. */
export function isTreeOperation(operation: DomOperation): operation is TreeOperation {
  return ![
    "rendered",
    "measure",
    "observe",
    "disconnect",
    "animate",
    "clearAnimation",
    "scrollPage",
    "call",
    "ask",
    "sheet",
  ].includes(operation[0]);
}

/** The tree of a page in the document, node by node as the logic layer numbers them. */
export class ViewTree {
  readonly #runtime: ViewRuntime;
  readonly #nodes = new Map<number, Node>();
  readonly #numbers = new WeakMap<Node, number>();
  /** Names of events for which somebody listens, by node. */
  readonly #listened = new Map<number, Map<string, boolean>>();
  readonly #types = new Set<string>();

  /** The root of the tree is `body`. */
  constructor(body: Element, runtime: ViewRuntime) {
    this.#runtime = runtime;
    this.#nodes.set(ROOT_NODE, body);
    this.#numbers.set(body, ROOT_NODE);
  }

  /** The node of that number. */
  node(number: number): Node | undefined {
    return this.#nodes.get(number);
  }

  /** The element of that number, `undefined` for text and for what is gone. */
  element(number: number): Element | undefined {
    const node = this.#nodes.get(number);
    return node instanceof Element ? node : undefined;
  }

  /** The number of an element, or of its nearest ancestor that has one. */
  numberOf(node: Node | null): number | undefined {
    for (let current = node; current !== null; current = parentOf(current)) {
      const number = this.#numbers.get(current);
      if (number !== undefined && number !== ROOT_NODE) return number;
    }
    return undefined;
  }

  /** Whether anybody on the page listens for events of that name. */
  hasListener(type: string): boolean {
    return this.#types.has(type);
  }

  /** Whether an event of that name ends at the node or at one of its ancestors. */
  isCaught(node: Node | null, type: string): boolean {
    for (let current = node; current !== null; current = parentOf(current)) {
      const number = this.#numbers.get(current);
      if (number !== undefined && this.#listened.get(number)?.get(type) === true) return true;
    }
    return false;
  }

  /** Changes the tree. Operations on nodes that are gone are skipped. */
  apply(operation: TreeOperation): void {
    switch (operation[0]) {
      case "element":
        this.#add(operation[1], this.#createElement(operation[2]));
        return;
      case "text":
        this.#add(operation[1], document.createTextNode(operation[2]));
        return;
      case "fragment":
        this.#add(operation[1], document.createDocumentFragment());
        return;
      case "append":
      case "insert":
      case "replace":
      case "remove":
      case "splice":
      case "cut":
        this.#move(operation);
        return;
      case "listen":
        this.#listen(operation[1], operation[2], operation[3]);
        return;
      case "release":
        this.#nodes.delete(operation[1]);
        this.#listened.delete(operation[1]);
        return;
      case "content": {
        const node = this.#nodes.get(operation[1]);
        if (node !== undefined) node.textContent = operation[2];
        return;
      }
      default:
        this.#change(operation);
    }
  }

  #add(number: number, node: Node): void {
    this.#nodes.set(number, node);
    this.#numbers.set(node, number);
  }

  #createElement(tag: string): Element {
    // Only elements of this package, and harmless unknown ones, ever exist.
    const element = document.createElement(tag.startsWith("wx-") ? tag : `wx-${tag}`);
    if (element instanceof BuiltInElement) element.runtime = this.#runtime;
    return element;
  }

  #move(
    operation: Extract<
      TreeOperation,
      readonly ["append" | "cut" | "insert" | "remove" | "replace" | "splice", ...unknown[]]
    >,
  ): void {
    const [kind, parentNumber, childNumber] = operation;
    const [parent, child] = [this.#nodes.get(parentNumber), this.#nodes.get(childNumber)];
    if (parent === undefined || child === undefined) return;
    if (kind === "append") parent.appendChild(child);
    else if (kind === "insert") parent.insertBefore(child, this.#nodes.get(operation[3]) ?? null);
    else if (kind === "remove") {
      if (child.parentNode === parent) parent.removeChild(child);
    } else if (kind === "replace") {
      const old = this.#nodes.get(operation[3]);
      if (old?.parentNode === parent) parent.replaceChild(child, old);
    } else {
      const gone = following(child, operation[3]);
      const fragment = kind === "splice" ? this.#nodes.get(operation[4]) : undefined;
      if (fragment !== undefined) parent.insertBefore(fragment, child);
      for (const node of gone) parent.removeChild(node);
    }
  }

  #change(
    operation: Extract<
      TreeOperation,
      readonly [
        "addClass" | "attribute" | "clearClasses" | "id" | "removeAttribute" | "removeClass" | "style",
        ...unknown[],
      ]
    >,
  ): void {
    const element = this.element(operation[1]);
    if (element === undefined) return;
    switch (operation[0]) {
      case "id":
        element.id = operation[2];
        return;
      case "addClass":
        element.classList.add(operation[2]);
        return;
      case "removeClass":
        element.classList.remove(operation[2]);
        return;
      case "clearClasses":
        element.removeAttribute("class");
        return;
      case "style":
        element.setAttribute("style", this.#styleText(operation[2]));
        return;
      case "attribute":
        this.#setProperty(element, operation[2], operation[3]);
        return;
      case "removeAttribute":
        this.#setProperty(element, operation[2], null);
        return;
      default:
        operation satisfies never;
    }
  }

  /** Lengths and addresses in a style attribute mean what they mean in a style sheet. */
  #styleText(text: string): string {
    return replaceUrls(replaceSafeArea(replaceRpx(text)), (address) => this.#runtime.resolve(address));
  }

  #setProperty(element: Element, name: string, value: unknown): void {
    const property = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (name.startsWith("data-")) element.setAttribute(name, textFrom(value));
    if (applyCommonProperty(element, property, value)) return;
    if (element instanceof BuiltInElement) element.set(property, value);
    else if (name === "is") element.setAttribute("is", String(value));
  }

  #listen(number: number, type: string, isFinal: boolean): void {
    this.#types.add(type);
    const types = this.#listened.get(number) ?? new Map<string, boolean>();
    this.#listened.set(number, types);
    types.set(type, isFinal || types.get(type) === true);
  }
}

function parentOf(node: Node): Node | null {
  if (node.parentNode instanceof ShadowRoot) return node.parentNode.host;
  return node.parentNode;
}

function following(first: Node, count: number): readonly ChildNode[] {
  const nodes: ChildNode[] = [];
  for (
    let node: ChildNode | null = isChild(first) ? first : null;
    node !== null && nodes.length < count;
    node = node.nextSibling
  ) {
    nodes.push(node);
  }
  return nodes;
}

function isChild(node: Node): node is ChildNode {
  return node.parentNode !== null;
}
