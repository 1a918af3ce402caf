import { Component, type Element as FrameworkElement, type GeneralComponent } from "glass-easel";
import { type MeasureFields, ROOT_NODE } from "../bus/dom-operation.ts";
import { isRecord, numberOf, textOf } from "../is-record.ts";
import { createCanvasNode, type LoadedImage } from "./canvas.ts";
import { ViewContext } from "./view-context.ts";
import { ViewElement } from "./view-element.ts";
import { fromBase64 } from "./wx/binary.ts";
import { reporting } from "./wx/results.ts";

/** Fields of a query, as WeChat documents them. */
export interface QueryFields {
  /** The `id` of the template. */
  readonly id?: boolean;
  /** The `data-` fields. */
  readonly dataset?: boolean;
  /** The `mark:` fields of the node and its ancestors. */
  readonly mark?: boolean;
  /** Place and size. */
  readonly rect?: boolean;
  /** Width and height. */
  readonly size?: boolean;
  /** How far the content is scrolled. */
  readonly scrollOffset?: boolean;
  /** Names of properties. */
  readonly properties?: readonly string[];
  /** Names of CSS properties. */
  readonly computedStyle?: readonly string[];
  /** What controls the node. */
  readonly context?: boolean;
  /** The node itself, for a canvas. */
  readonly node?: boolean;
}

type Answer = (result: unknown) => void;

interface Query {
  readonly scope: GeneralComponent | undefined;
  /** `undefined` asks for the viewport. */
  readonly selector: string | undefined;
  readonly isSingle: boolean;
  readonly fields: QueryFields;
  readonly answer: Answer | undefined;
}

/** The element that a node has in the view, `undefined` when it has none. */
export function viewElementOf(node: FrameworkElement): ViewElement | undefined {
  const element = node.getBackendElement();
  return element instanceof ViewElement ? element : undefined;
}

/** The page that a component is part of. */
export function contextOf(component: GeneralComponent): ViewContext | undefined {
  const context = component.getBackendContext();
  return context instanceof ViewContext ? context : undefined;
}

/** Finds the nodes of a component's own template. */
export function select(scope: GeneralComponent | undefined, selector: string): readonly FrameworkElement[] {
  return scope?.getShadowRoot()?.querySelectorAll(selector) ?? [];
}

/** Collects questions about nodes of a component and asks them all at once. */
export class SelectorQuery {
  #scope: GeneralComponent | undefined;
  #queries: Query[] = [];

  /** Asks about `scope` until `in` names another component. */
  constructor(scope: GeneralComponent | undefined) {
    this.#scope = scope;
  }

  /** Asks about another component from now on. */
  in(component: unknown): this {
    const inner: unknown = isRecord(component) ? component["_$"] : undefined;
    if (Component.isComponent(inner)) this.#scope = inner;
    return this;
  }

  /** The first node that matches. */
  select(selector: string): NodesReference {
    return this.#reference(selector, true);
  }

  /** All nodes that match. */
  selectAll(selector: string): NodesReference {
    return this.#reference(selector, false);
  }

  /** The page's viewport. */
  selectViewport(): NodesReference {
    return this.#reference(undefined, true);
  }

  /** Answers all questions, each through its own function first, then as a list. */
  exec(answer?: Answer): this {
    const queries = this.#queries;
    this.#queries = [];
    // Nodes are looked for when the turn is over: a component may ask while it is still being made.
    const asked = Promise.resolve().then(() => Promise.all(queries.map((query) => run(query))));
    void asked.then((results) => {
      for (const [index, query] of queries.entries()) reporting("query", query.answer)?.(results[index]);
      reporting("exec", answer)?.(results);
    });
    return this;
  }

  #reference(selector: string | undefined, isSingle: boolean): NodesReference {
    const scope = this.#scope;
    return new NodesReference(this, (fields, answer) =>
      this.#queries.push({ scope, selector, isSingle, fields, answer }),
    );
  }
}

/** Nodes that a query selects. */
export class NodesReference {
  readonly #query: SelectorQuery;
  readonly #add: (fields: QueryFields, answer: Answer | undefined) => void;

  /** `add` puts a question about these nodes into the query. */
  constructor(query: SelectorQuery, add: (fields: QueryFields, answer: Answer | undefined) => void) {
    this.#query = query;
    this.#add = add;
  }

  /** Where the nodes are. */
  boundingClientRect(answer?: Answer): SelectorQuery {
    return this.fields({ id: true, dataset: true, rect: true, size: true }, answer);
  }

  /** How far the nodes are scrolled. */
  scrollOffset(answer?: Answer): SelectorQuery {
    return this.fields({ id: true, dataset: true, scrollOffset: true }, answer);
  }

  /** What controls a video, a map or a canvas. */
  context(answer?: Answer): SelectorQuery {
    return this.fields({ context: true }, answer);
  }

  /** The node itself, for elements that a script may draw on. */
  node(answer?: Answer): SelectorQuery {
    return this.fields({ node: true }, answer);
  }

  /** Any fields. */
  fields(fields: QueryFields, answer?: Answer): SelectorQuery {
    this.#add(fields, answer);
    return this.#query;
  }
}

async function run({ scope, selector, isSingle, fields }: Query): Promise<unknown> {
  if (scope === undefined) return isSingle ? null : [];
  const context = contextOf(scope);
  if (selector === undefined) return context === undefined ? null : viewport(context, fields);
  const nodes = select(scope, selector);
  if (!isSingle) return Promise.all(nodes.map((node) => describe(node, context, fields)));
  const [first] = nodes;
  return first === undefined ? null : describe(first, context, fields);
}

async function viewport(context: ViewContext, fields: QueryFields): Promise<unknown> {
  const measured = await measure(context, 0, fields);
  return { id: "", dataset: {}, ...placesOf(measured, fields) };
}

async function describe(
  node: FrameworkElement,
  context: ViewContext | undefined,
  fields: QueryFields,
): Promise<unknown> {
  const element = viewElementOf(node);
  const measured = context === undefined || element === undefined ? {} : await measure(context, element.node, fields);
  const own = Component.isComponent(node) ? node.data : {};
  return {
    ...(fields.id === true && { id: node.id }),
    ...(fields.dataset === true && { dataset: { ...node.dataset } }),
    ...(fields.mark === true && { mark: node.collectMarks() }),
    ...placesOf(measured, fields),
    ...Object.fromEntries((fields.properties ?? []).map((name) => [name, isRecord(own) ? own[name] : undefined])),
    ...(fields.computedStyle !== undefined && isRecord(measured["computedStyle"]) && measured["computedStyle"]),
    ...(fields.context === true && { context: element === undefined ? null : controlsOf(node, element, context) }),
    ...(fields.node === true && { node: element === undefined ? null : nodeObject(node, element, context) }),
  };
}

/** A canvas is a node that a script may draw on; others only take calls. */
function nodeObject(node: FrameworkElement, element: ViewElement, context: ViewContext | undefined): object | null {
  if (!Component.isComponent(node)) return null;
  if (node.is !== "built-in:canvas") return controlsOf(node, element, context);
  const known = CANVASES.get(element);
  if (known !== undefined) return known;
  const canvas = createCanvasNode({
    draw: (commands) => context?.write(["call", element.node, "draw", commands]),
    image: (address) => (context === undefined ? Promise.resolve(undefined) : loadImage(context, address)),
  });
  CANVASES.set(element, canvas);
  CANVAS_ELEMENTS.set(canvas, element);
  return canvas;
}

const CANVASES = new WeakMap<ViewElement, object>();
const CANVAS_ELEMENTS = new WeakMap<object, ViewElement>();

/** The element behind the node of a canvas that a script got before. */
export function canvasElementOf(canvas: object): ViewElement | undefined {
  return CANVAS_ELEMENTS.get(canvas);
}

function placesOf(measured: Readonly<Record<string, unknown>>, fields: QueryFields): object {
  const [left, top] = [numberOf(measured["left"]), numberOf(measured["top"])];
  const [width, height] = [numberOf(measured["width"]), numberOf(measured["height"])];
  return {
    ...(fields.rect === true && { left, top, right: left + width, bottom: top + height }),
    ...(fields.size === true && { width, height }),
    ...(fields.scrollOffset === true && {
      scrollLeft: numberOf(measured["scrollLeft"]),
      scrollTop: numberOf(measured["scrollTop"]),
      scrollWidth: numberOf(measured["scrollWidth"]),
      scrollHeight: numberOf(measured["scrollHeight"]),
    }),
  };
}

function measure(context: ViewContext, node: number, fields: QueryFields): Promise<Readonly<Record<string, unknown>>> {
  const wanted: MeasureFields = {
    ...((fields.rect === true || fields.size === true) && { rect: true }),
    ...(fields.scrollOffset === true && { scroll: true }),
    ...(fields.computedStyle !== undefined && { computedStyle: fields.computedStyle }),
  };
  if (Object.keys(wanted).length === 0) return Promise.resolve({});
  return new Promise((resolve) => {
    context.measure(node, wanted, (result) => resolve(isRecord(result) ? result : {}));
  });
}

/** Elements of the view that take calls. */
const CONTROLLED: ReadonlySet<string> = new Set(["built-in:audio", "built-in:scroll-view", "built-in:video"]);

function controlsOf(node: FrameworkElement, element: ViewElement, context: ViewContext | undefined): object | null {
  if (!Component.isComponent(node) || !CONTROLLED.has(node.is)) return null;
  return elementControls((method, args) => context?.write(["call", element.node, method, args]));
}

/** An object whose every function is a call that travels, such as `play` of a video. */
export function elementControls(call: (method: string, args: unknown) => void): object {
  return new Proxy(
    {},
    {
      get: (_, method) =>
        typeof method === "string" && method !== "then" ? (args: unknown) => call(method, args ?? null) : undefined,
    },
  );
}

/** Asks an element of the view; never answers when the page is gone. */
export function askElement(context: ViewContext, node: number, method: string, args: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    context.ask((token) => ["ask", token, node, method, args], resolve);
  });
}

/** Loads a picture by its address: its size, and what it looks like where the logic layer can draw it. */
export async function loadImage(context: ViewContext, address: string): Promise<LoadedImage | undefined> {
  const isDrawn = typeof OffscreenCanvas !== "undefined";
  const found = await askElement(context, ROOT_NODE, "picture", { address, isDrawn });
  if (!isRecord(found) || typeof found["width"] !== "number") return undefined;
  const size = { width: found["width"], height: numberOf(found["height"]) };
  const base64 = textOf(found["base64"]);
  if (base64 === "") return size;
  return { ...size, bitmap: await createImageBitmap(new Blob([fromBase64(base64)])) };
}
