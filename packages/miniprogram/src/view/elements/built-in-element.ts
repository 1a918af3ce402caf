import { textFrom } from "../../is-record.ts";
import type { EmitOptions, ViewRuntime } from "../runtime.ts";

/** Where elements live before their page has told them where they are. */
const NOWHERE: ViewRuntime = {
  path: "",
  emit: () => {},
  invoke: () => Promise.resolve({ errMsg: "invoke:fail no page" }),
  resolve: (address) => address,
  afterBatch: (run) => run(),
};

/** An element of WXML. Subclasses draw themselves in their shadow; children of the template stay outside of it. */
export abstract class BuiltInElement extends HTMLElement {
  /** The page around the element, set right after it was made. */
  runtime: ViewRuntime = NOWHERE;
  readonly #properties = new Map<string, unknown>();

  /** Sets a property in the spelling of the logic layer; `null` takes it away. */
  set(name: string, value: unknown): void {
    if (value === null) this.#properties.delete(name);
    else this.#properties.set(name, value);
    if (name === "disabled") this.toggleAttribute("disabled", this.flag("disabled"));
    this.changed(name);
  }

  /** A property that holds text. */
  text(name: string, fallback = ""): string {
    const value = this.#properties.get(name);
    return value === undefined ? fallback : textFrom(value);
  }

  /** A property that holds a number; text with a number counts. */
  number(name: string, fallback: number): number {
    const value = Number(this.#properties.get(name) ?? fallback);
    return Number.isFinite(value) ? value : fallback;
  }

  /** A property that says yes or no. */
  flag(name: string, fallback = false): boolean {
    const value = this.#properties.get(name);
    return value === undefined ? fallback : value !== "false" && Boolean(value);
  }

  /** A property as it came. */
  value(name: string): unknown {
    return this.#properties.get(name);
  }

  /** Keeps a property that the user changed. Does not draw. */
  keep(name: string, value: unknown): void {
    this.#properties.set(name, value);
  }

  /** Sends an event of this element. */
  emit(type: string, detail: unknown, options?: EmitOptions): void {
    this.runtime.emit(this, type, detail, options);
  }

  /** Draws what a property says. */
  protected abstract changed(name: string): void;
}

/** An element that draws itself. */
export abstract class DrawnElement extends BuiltInElement {
  /** Makes the shadow with its style and its content. */
  protected draw(style: string, ...content: readonly Node[]): ShadowRoot {
    const root = this.attachShadow({ mode: "open" });
    const sheet = document.createElement("style");
    sheet.textContent = style;
    root.append(sheet, ...content);
    return root;
  }
}

/** Makes an element for a shadow. */
export function make<TName extends keyof HTMLElementTagNameMap>(
  tag: TName,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[TName] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
