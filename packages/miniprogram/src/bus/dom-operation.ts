// What the logic layer asks of a view, and what a view reports. Nodes have
// numbers that the logic layer gives; 0 is the body of the page.

/** The body of a page. */
export const ROOT_NODE = 0;

/** One change of the tree of a page. Operations of a page are applied in the order in which they were sent. */
export type DomOperation =
  | readonly ["element", node: number, tag: string]
  | readonly ["text", node: number, content: string]
  | readonly ["fragment", node: number]
  | readonly ["append", parent: number, child: number]
  | readonly ["insert", parent: number, child: number, before: number]
  | readonly ["replace", parent: number, child: number, old: number]
  | readonly ["remove", parent: number, child: number]
  /** Puts the children of a fragment before a child, and removes so many children from that one on. */
  | readonly ["splice", parent: number, before: number, deleteCount: number, fragment: number]
  | readonly ["cut", parent: number, before: number, deleteCount: number]
  | readonly ["id", node: number, id: string]
  | readonly ["addClass", node: number, name: string]
  | readonly ["removeClass", node: number, name: string]
  | readonly ["clearClasses", node: number]
  | readonly ["style", node: number, text: string]
  | readonly ["attribute", node: number, name: string, value: unknown]
  | readonly ["removeAttribute", node: number, name: string]
  | readonly ["content", node: number, text: string]
  /** Somebody listens; `isFinal` when the event ends there, which for moves means that nothing scrolls. */
  | readonly ["listen", node: number, type: string, isFinal: boolean]
  | readonly ["release", node: number]
  | readonly ["sheet", path: string, scope: string]
  | readonly ["rendered", token: number]
  | readonly ["measure", token: number, node: number, fields: MeasureFields]
  | readonly ["observe", token: number, node: number, options: ObserveOptions]
  | readonly ["disconnect", token: number]
  | readonly ["animate", token: number, node: number, options: AnimateOptions]
  | readonly ["clearAnimation", token: number, node: number, properties: readonly string[]]
  | readonly ["scrollPage", options: { readonly top: number; readonly durationMs: number }]
  | readonly ["call", node: number, method: string, args: unknown]
  /** Like a call, with an answer. */
  | readonly ["ask", token: number, node: number, method: string, args: unknown];

/**
 * One command of a drawing. Objects that a canvas makes, such as gradients, have numbers; arguments name them
 * as `{ object }`, and pictures as `{ image }`.
 */
export type DrawCommand =
  | readonly ["set", name: string, value: unknown]
  | readonly ["call", method: string, args: readonly unknown[]]
  | readonly ["make", object: number, method: string, args: readonly unknown[]]
  | readonly ["tell", object: number, method: string, args: readonly unknown[]]
  | readonly ["size", side: "height" | "width", length: number]
  | readonly ["clear"];

/** What to measure of a node. Lengths are in CSS pixels, relative to the page's viewport. */
export interface MeasureFields {
  /** Place and size. */
  readonly rect?: boolean;
  /** How far the content is scrolled. */
  readonly scroll?: boolean;
  /** Names of CSS properties. */
  readonly computedStyle?: readonly string[];
}

/** How to observe an intersection. */
export interface ObserveOptions {
  /** The node to intersect with; absent means the viewport. */
  readonly relativeTo?: number;
  /** In the form of CSS margins. */
  readonly margin: string;
  /** Parts from 0 to 1 at which to report. */
  readonly thresholds: readonly number[];
}

/** Keyframes in the form of the Web Animations API. */
export interface AnimateOptions {
  /** One object of styles for each frame. */
  readonly keyframes: readonly Readonly<Record<string, string | number>>[];
  /** In milliseconds. */
  readonly durationMs: number;
  /** Scroll container and range when scrolling drives the animation. */
  readonly timeline?: Readonly<Record<string, unknown>>;
}

/** Names of the events that carry operations and answers. */
export const VIEW_EVENTS = {
  /** Logic layer → view: a batch of {@link DomOperation}. */
  operations: "domOps",
  /** View → logic layer: {@link ViewEvent}. */
  event: "domEvent",
  /** View → logic layer: `{ token, result }`, the answer to an operation with a token. */
  answer: "domAnswer",
  /** View → logic layer: `{ token, entry }` of an intersection observer. */
  intersection: "domIntersection",
  /** View → logic layer: the page was scrolled; `{ scrollTop, isBottom }`. */
  pageScroll: "pageScroll",
} as const;

/** An event of a node. */
export interface ViewEvent {
  /** Number of the node. */
  readonly node: number;
  /** Name of the event, in lower case. */
  readonly type: string;
  /** What handlers find as `detail`. */
  readonly detail: unknown;
  /** Whether ancestors get it. */
  readonly bubbles: boolean;
  /** Whether ancestors in other components get it. */
  readonly composed: boolean;
  /** Fields beside `detail`, such as `touches`. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Properties that the user changed: the logic layer takes them over without sending them back. */
  readonly changed?: Readonly<Record<string, unknown>>;
}
