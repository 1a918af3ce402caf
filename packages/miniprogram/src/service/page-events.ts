import { Component, type Element as FrameworkElement, type GeneralComponent } from "glass-easel";
import type { ViewEvent } from "../bus/dom-operation.ts";
import { isRecord, textOf } from "../is-record.ts";
import { formFieldValues } from "./form-fields.ts";
import type { Pages } from "./pages.ts";
import { parseViewEvent } from "./view-event.ts";

/** What page events need of the logic layer. */
export interface PageEventsOptions {
  readonly pages: Pages;
  /** Whether a component of the project is a field of forms. */
  isFormField(component: GeneralComponent): boolean;
  /** Sends what a function of a page returned to the one that waits for it. */
  answer(result: { readonly replyTo: number; readonly result: object }): void;
}

/** Hands to pages what happens in their views and around them. */
export class PageEvents {
  readonly #options: PageEventsOptions;

  /** Listens to nothing by itself. */
  constructor(options: PageEventsOptions) {
    this.#options = options;
  }

  /** An event of the phone that a page has a function for; its result goes back when somebody waits for it. */
  phoneEvent(data: unknown, webviewId: number | undefined): void {
    const { pages } = this.#options;
    const page = pages.page(webviewId) ?? pages.top;
    if (page === undefined || !isRecord(data)) return;
    const result = pages.call(page, textOf(data["name"]), data["value"]);
    const { replyTo } = data;
    if (typeof replyTo === "number") this.#options.answer({ replyTo, result: isRecord(result) ? result : {} });
  }

  /** An event of a node of a page. */
  viewEvent(data: unknown, webviewId: number | undefined): void {
    const page = this.#options.pages.page(webviewId);
    const event = parseViewEvent(data);
    if (page === undefined || event === undefined) return;
    const node = page.context.nodeOf(event.node);
    const { changed } = event;
    if (changed !== undefined && Component.isComponent(node)) {
      page.context.silently(event.node, changed, () => node.setData({ ...changed }));
    }
    page.context.dispatch(this.#withFields(event, node), (value) => {
      // What a handler of `input` returns takes the place of what was typed.
      const text = isRecord(value) ? value["value"] : value;
      if (event.type === "input" && typeof text === "string" && Component.isComponent(node))
        node.setData({ value: text });
    });
  }

  /** The page was scrolled. */
  scrolled(data: unknown, webviewId: number | undefined): void {
    const { pages } = this.#options;
    const page = pages.page(webviewId);
    if (page === undefined || !isRecord(data)) return;
    if (data["isBottom"] === true) pages.call(page, "onReachBottom");
    else pages.call(page, "onPageScroll", { scrollTop: data["scrollTop"] });
  }

  /** A form sends the fields that the project made itself, too. */
  #withFields(event: ViewEvent, node: FrameworkElement | undefined): ViewEvent {
    if (event.type !== "submit" || node === undefined || !isRecord(event.detail)) return event;
    const own = formFieldValues(node, (component) => this.#options.isFormField(component));
    const known = isRecord(event.detail["value"]) ? event.detail["value"] : {};
    return { ...event, detail: { ...event.detail, value: { ...known, ...own } } };
  }
}
