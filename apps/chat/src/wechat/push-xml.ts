/** Longest text that is read, in characters. */
const MAX_XML_LENGTH = 65_536;
/** Deepest nesting, the outermost element included. */
const MAX_DEPTH = 8;

/** CDATA, a tag without attributes, or text: all that WeChat's pushes consist of. */
const TOKEN = /<!\[CDATA\[([^]*?)\]\]>|<(\/?)([A-Za-z_]\w*)>|([^<]+)/y;

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
  ["&amp;", "&"],
]);

interface OpenElement {
  readonly name: string;
  readonly children: Map<string, unknown>;
  text: string;
}

/**
 * Reads the XML of a push as the object that its JSON would be, with text for numbers; of elements with one name the
 * last counts. `undefined` for anything that WeChat does not send: attributes, document types, broken nesting.
 */
export function readPushXml(xml: string): unknown {
  if (xml.length > MAX_XML_LENGTH) return undefined;
  const root: OpenElement = { name: "", children: new Map(), text: "" };
  const open: OpenElement[] = [root];
  const token = new RegExp(TOKEN);
  while (token.lastIndex < xml.length) {
    const match = token.exec(xml);
    if (match === null || !apply(match, open)) return undefined;
  }
  return open.length === 1 ? root.children.get("xml") : undefined;
}

function apply([, cdata, slash, name, text]: RegExpExecArray, open: OpenElement[]): boolean {
  const element = open.at(-1);
  if (element === undefined) return false;
  if (name === undefined) {
    element.text += cdata ?? unescape(text ?? "");
    return true;
  }
  if (slash === "") {
    open.push({ name, children: new Map(), text: "" });
    return open.length - 1 <= MAX_DEPTH;
  }
  open.pop();
  const value = element.children.size > 0 ? Object.fromEntries(element.children) : element.text;
  open.at(-1)?.children.set(name, value);
  return element.name === name;
}

function unescape(text: string): string {
  return text.replace(/&\w+;/g, (entity) => ENTITIES.get(entity) ?? entity);
}
