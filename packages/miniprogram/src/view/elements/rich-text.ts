import { isRecord, textOf } from "../../is-record.ts";
import { BuiltInElement } from "./built-in-element.ts";

const TAGS = new Set([
  ...["a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center"],
  ...[
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "fieldset",
    "font",
    "footer",
    "h1",
    "h2",
  ],
  ...[
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "label",
    "legend",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "pre",
  ],
  ...[
    "q",
    "rt",
    "ruby",
    "s",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
  ],
  ...["thead", "tr", "tt", "u", "ul"],
]);
const ATTRIBUTES = new Set([
  "class",
  "style",
  "alt",
  "height",
  "width",
  "colspan",
  "rowspan",
  "align",
  "color",
  "start",
  "type",
  "dir",
  "span",
]);

/** `<rich-text>`: text with tags, of which only harmless ones are shown. */
export class RichTextElement extends BuiltInElement {
  protected changed(name: string): void {
    if (name !== "nodes") return;
    const nodes = this.value("nodes");
    const shown = Array.isArray(nodes)
      ? nodes.flatMap((node: unknown) => this.#fromData(node))
      : this.#fromText(textOf(nodes));
    this.replaceChildren(...shown);
  }

  #fromText(text: string): readonly Node[] {
    // A document of its own loads nothing and runs nothing.
    const parsed = new DOMParser().parseFromString(text, "text/html");
    return [...parsed.body.childNodes].flatMap((node) => this.#copy(node));
  }

  #copy(node: Node): readonly Node[] {
    if (node instanceof Text) return [document.createTextNode(node.data)];
    if (!(node instanceof Element)) return [];
    const attributes = Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value]));
    const children = [...node.childNodes].flatMap((child) => this.#copy(child));
    return this.#element(node.localName, attributes, children);
  }

  #fromData(node: unknown): readonly Node[] {
    if (!isRecord(node)) return [];
    if (node["type"] === "text") return [document.createTextNode(decoded(textOf(node["text"])))];
    const attributes = isRecord(node["attrs"]) ? node["attrs"] : {};
    const children = Array.isArray(node["children"])
      ? node["children"].flatMap((child: unknown) => this.#fromData(child))
      : [];
    return this.#element(textOf(node["name"]).toLowerCase(), attributes, children);
  }

  #element(tag: string, attributes: Readonly<Record<string, unknown>>, children: readonly Node[]): readonly Node[] {
    if (!TAGS.has(tag)) return [];
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (ATTRIBUTES.has(name)) element.setAttribute(name, String(value));
    }
    if (element instanceof HTMLImageElement) element.src = this.runtime.resolve(textOf(attributes["src"]));
    element.append(...children);
    return [element];
  }
}

function decoded(text: string): string {
  return new DOMParser().parseFromString(text, "text/html").documentElement.textContent ?? "";
}
