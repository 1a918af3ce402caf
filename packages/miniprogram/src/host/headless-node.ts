/** One node of a page that nobody sees. */
export class HeadlessNode {
  /** Its number in the page. */
  readonly id: number;
  /** Tag such as `wx-view`, `#text` for text and `#fragment` for a fragment. */
  readonly tag: string;
  /** Text of a text node. */
  text: string;
  /** The `id` of the template. */
  name = "";
  /** Inline style. */
  style = "";
  /** Properties by name. */
  readonly attributes = new Map<string, unknown>();
  readonly classes = new Set<string>();
  readonly children: HeadlessNode[] = [];
  parent: HeadlessNode | undefined;

  /** Makes a node without a parent. */
  constructor(id: number, tag: string, text = "") {
    this.id = id;
    this.tag = tag;
    this.text = text;
  }

  /** All text inside, in order. */
  get textContent(): string {
    return this.tag === "#text" ? this.text : this.children.map((child) => child.textContent).join("");
  }

  /** Nodes inside that match `.class`, `#id` or a tag of WXML; parts that stand together must all match. */
  findAll(selector: string): readonly HeadlessNode[] {
    const inner = this.children.flatMap((child) => child.findAll(selector));
    return this.#matches(selector) ? [this, ...inner] : inner;
  }

  /** The first of {@link findAll}. */
  find(selector: string): HeadlessNode | undefined {
    return this.findAll(selector)[0];
  }

  /** Puts nodes before a child, or at the end; a fragment gives its children. */
  insert(node: HeadlessNode, before?: HeadlessNode): void {
    const nodes = node.tag === "#fragment" ? node.children.splice(0) : [node];
    for (const one of nodes) one.detach();
    const index = before === undefined ? this.children.length : this.children.indexOf(before);
    this.children.splice(index, 0, ...nodes);
    for (const one of nodes) one.parent = this;
  }

  /** Takes the node out of its parent. */
  detach(): void {
    const siblings = this.parent?.children;
    if (siblings !== undefined) siblings.splice(siblings.indexOf(this), 1);
    this.parent = undefined;
  }

  #matches(selector: string): boolean {
    const parts = selector.match(/[.#]?[\w-]+/g) ?? [];
    return parts.every((part) => {
      if (part.startsWith("."))
        return [...this.classes].some((name) => name === part.slice(1) || name.endsWith(`--${part.slice(1)}`));
      if (part.startsWith("#")) return this.name === part.slice(1);
      return this.tag === part || this.tag === `wx-${part}`;
    });
  }
}
