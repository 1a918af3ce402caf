import type { composedBackend, Element as FrameworkElement } from "glass-easel";
import { Component } from "glass-easel";
import type { DomOperation } from "../bus/dom-operation.ts";

/** Where an element writes its changes, and how style scopes are called. */
export interface ElementOwner {
  /** Whether style sheets look at `data-` fields. */
  readonly hasDatasetStyles: boolean;
  /** Adds an operation to the batch. */
  write(operation: DomOperation): void;
  /** Name of a style scope, `""` for styles that are shared. */
  scopeName(scope: number): string;
  /** Called once the element belongs to a node of the framework. */
  associated(element: ViewElement, node: FrameworkElement): void;
  /** Called when the element is gone. */
  released(element: ViewElement): void;
}

/** The framework puts a prefix before the id of each element in a component. */
const ID_PREFIX = /^[0-9a-f]{8}--/;

/** The framework's level of a listener that ends an event. */
const FINAL_LEVEL = 2;

/** One node of a page as the framework sees it: every call becomes an operation for the view. */
export class ViewElement implements composedBackend.Element {
  /** The framework's node, set by {@link associateValue}. */
  __wxElement?: FrameworkElement;
  /** Number of the node in its page. */
  readonly node: number;
  readonly #owner: ElementOwner;

  /** Does not write the operation that makes the node: that is the context's. */
  constructor(owner: ElementOwner, node: number) {
    this.#owner = owner;
    this.node = node;
  }

  release(): void {
    this.#owner.write(["release", this.node]);
    this.#owner.released(this);
  }

  associateValue(node: FrameworkElement): void {
    this.__wxElement = node;
    this.#owner.associated(this, node);
    const isOwn = Component.isComponent(node) && node.is !== "" && !node.is.startsWith("built-in:");
    if (isOwn) this.setAttribute("is", node.is);
  }

  appendChild(child: ViewElement): void {
    this.#owner.write(["append", this.node, child.node]);
  }

  removeChild(child: ViewElement): void {
    this.#owner.write(["remove", this.node, child.node]);
  }

  insertBefore(child: ViewElement, before: ViewElement): void {
    this.#owner.write(["insert", this.node, child.node, before.node]);
  }

  replaceChild(child: ViewElement, old: ViewElement): void {
    this.#owner.write(["replace", this.node, child.node, old.node]);
  }

  spliceBefore(before: ViewElement, deleteCount: number, list: ViewElement): void {
    this.#owner.write(["splice", this.node, before.node, deleteCount, list.node]);
  }

  spliceAppend(list: ViewElement): void {
    this.#owner.write(["append", this.node, list.node]);
  }

  spliceRemove(before: ViewElement, deleteCount: number): void {
    this.#owner.write(["cut", this.node, before.node, deleteCount]);
  }

  setId(id: string): void {
    this.#owner.write(["id", this.node, id.replace(ID_PREFIX, "")]);
  }

  setStyleScope(): void {
    // Scopes reach the view with the names of classes.
  }

  setStyle(text: string): void {
    this.#owner.write(["style", this.node, text]);
  }

  addClass(name: string, scope?: number): void {
    this.#owner.write(["addClass", this.node, this.#scoped(name, scope)]);
  }

  removeClass(name: string, scope?: number): void {
    this.#owner.write(["removeClass", this.node, this.#scoped(name, scope)]);
  }

  clearClasses(): void {
    this.#owner.write(["clearClasses", this.node]);
  }

  setAttribute(name: string, value: unknown): void {
    this.#owner.write(["attribute", this.node, name, value ?? null]);
  }

  /** Tells the view a `data-` field, when a style sheet asks for one. */
  setDataset(name: string, value: unknown): void {
    if (!this.#owner.hasDatasetStyles) return;
    this.setAttribute(`data-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, value);
  }

  removeAttribute(name: string): void {
    this.#owner.write(["removeAttribute", this.node, name]);
  }

  setText(content: string): void {
    this.#owner.write(["content", this.node, content]);
  }

  setModelBindingStat(): void {
    // What a user changes comes back with the event of the change.
  }

  setListenerStats(type: string, _isCapture: boolean, level: number): void {
    this.#owner.write(["listen", this.node, type, level === FINAL_LEVEL]);
  }

  #scoped(name: string, scope: number | undefined): string {
    const scopeName = scope === undefined ? "" : this.#owner.scopeName(scope);
    return scopeName === "" ? name : `${scopeName}--${name}`;
  }
}
