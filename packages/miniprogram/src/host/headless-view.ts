import { Bridge } from "../bus/bridge.ts";
import type { BusClient } from "../bus/bus.ts";
import { type DomOperation, ROOT_NODE, VIEW_EVENTS } from "../bus/dom-operation.ts";
import { HeadlessNode } from "./headless-node.ts";

/** A view without a screen: it keeps the tree of a page, so that tests can read it and touch it. */
export class HeadlessView {
  /** The body of the page. */
  readonly root = new HeadlessNode(ROOT_NODE, "body");
  /** Operations that were applied so far. */
  readonly operations: DomOperation[] = [];
  readonly #bridge: Bridge;
  readonly #client: BusClient;
  readonly #nodes = new Map<number, HeadlessNode>([[ROOT_NODE, this.root]]);

  /** Applies what arrives at this end of the bus, which it closes with itself. */
  constructor(client: BusClient) {
    this.#client = client;
    this.#bridge = new Bridge(client);
    this.#bridge.on(VIEW_EVENTS.operations, (data) => {
      // Sent by the logic layer of this package, which makes nothing else.
      for (const operation of data as readonly DomOperation[]) this.#apply(operation);
    });
  }

  /** Sends an event of a node to the logic layer, as a finger or a keyboard would. */
  trigger(node: HeadlessNode, type: string, detail: Readonly<Record<string, unknown>> = {}): void {
    const isGesture = /^(tap|touch|long)/.test(type);
    const changed = type === "input" && "value" in detail ? { changed: { value: detail["value"] } } : {};
    const data = { node: node.id, type, detail, bubbles: isGesture, composed: isGesture, ...changed };
    this.#bridge.send({ command: "WEBVIEW_PUBLISH", data: { eventName: VIEW_EVENTS.event, data } });
  }

  /** Touches a node. */
  tap(node: HeadlessNode): void {
    this.trigger(node, "tap", { x: 0, y: 0 });
  }

  /** Ends the view. */
  close(): Promise<void> {
    return this.#client.close();
  }

  #apply(operation: DomOperation): void {
    this.operations.push(operation);
    switch (operation[0]) {
      case "element":
      case "text":
      case "fragment":
        this.#create(operation);
        return;
      case "append":
      case "insert":
      case "replace":
      case "remove":
      case "splice":
      case "cut":
        this.#move(operation);
        return;
      case "rendered":
      case "measure":
      case "animate":
      case "clearAnimation":
      case "ask":
        this.#answer(operation);
        return;
      case "release":
        this.#nodes.delete(operation[1]);
        return;
      case "id":
      case "addClass":
      case "removeClass":
      case "clearClasses":
      case "style":
      case "attribute":
      case "removeAttribute":
      case "content":
        this.#change(operation);
        return;
      case "listen":
      case "sheet":
      case "observe":
      case "disconnect":
      case "scrollPage":
      case "call":
        // These need a screen.
        return;
      default:
        operation satisfies never;
    }
  }

  #create([kind, id, value = ""]: Extract<
    DomOperation,
    readonly ["element" | "fragment" | "text", ...unknown[]]
  >): void {
    const text = kind === "text" ? value : "";
    this.#nodes.set(id, new HeadlessNode(id, kind === "element" ? value : `#${kind}`, text));
  }

  #move(
    operation: Extract<
      DomOperation,
      readonly ["append" | "cut" | "insert" | "remove" | "replace" | "splice", ...unknown[]]
    >,
  ): void {
    const [kind, parentId, childId] = operation;
    const [parent, child] = [this.#nodes.get(parentId), this.#nodes.get(childId)];
    if (parent === undefined || child === undefined) return;
    if (kind === "append") parent.insert(child);
    else if (kind === "insert") parent.insert(child, this.#nodes.get(operation[3]));
    else if (kind === "remove") child.detach();
    else if (kind === "replace") {
      const old = this.#nodes.get(operation[3]);
      parent.insert(child, old);
      old?.detach();
    } else {
      const start = parent.children.indexOf(child);
      const gone = start < 0 ? [] : parent.children.slice(start, start + operation[3]);
      const fragment = kind === "splice" ? this.#nodes.get(operation[4]) : undefined;
      if (fragment !== undefined) parent.insert(fragment, child);
      for (const node of gone) node.detach();
    }
  }

  #change(operation: Extract<DomOperation, readonly [string, number, ...unknown[]]>): void {
    const [kind, id, first = "", second] = operation;
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    const text = String(first);
    if (kind === "id") node.name = text;
    else if (kind === "addClass") node.classes.add(text);
    else if (kind === "removeClass") node.classes.delete(text);
    else if (kind === "clearClasses") node.classes.clear();
    else if (kind === "style") node.style = text;
    else if (kind === "attribute") node.attributes.set(text, second);
    else if (kind === "removeAttribute") node.attributes.delete(text);
    else if (kind === "content") node.text = text;
  }

  /** Nothing has a place or a size here. */
  #answer(
    operation: Extract<
      DomOperation,
      readonly ["animate" | "ask" | "clearAnimation" | "measure" | "rendered", ...unknown[]]
    >,
  ): void {
    const [kind, token] = operation;
    const styles = kind === "measure" ? (operation[3].computedStyle ?? []) : [];
    const place = {
      computedStyle: Object.fromEntries(styles.map((name) => [name, "0px"])),
      left: 0,
      top: 0,
      width: 0,
      height: 0,
      scrollLeft: 0,
      scrollTop: 0,
      scrollWidth: 0,
      scrollHeight: 0,
    };
    const data = { token, result: kind === "measure" ? place : {} };
    this.#bridge.send({ command: "WEBVIEW_PUBLISH", data: { eventName: VIEW_EVENTS.answer, data } });
  }
}
