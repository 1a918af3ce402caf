type Child = Node | string | undefined;

/** Properties and listeners of an element that is made. */
export interface ElementOptions {
  /** Classes, separated by spaces. */
  readonly class?: string;
  /** Attributes by name. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Styles by CSS property. */
  readonly style?: Readonly<Record<string, string>>;
  /** Called when it is pressed. */
  readonly onClick?: (event: MouseEvent) => void;
}

/** Makes an element. */
export function make<TName extends keyof HTMLElementTagNameMap>(
  tag: TName,
  options: ElementOptions = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[TName] {
  const element = document.createElement(tag);
  if (options.class !== undefined) element.className = options.class;
  for (const [name, value] of Object.entries(options.attributes ?? {})) element.setAttribute(name, value);
  for (const [name, value] of Object.entries(options.style ?? {})) element.style.setProperty(name, value);
  const { onClick } = options;
  if (onClick !== undefined) {
    element.addEventListener("click", (event) => {
      if (event instanceof MouseEvent) onClick(event);
    });
  }
  if (element instanceof HTMLButtonElement) element.type = "button";
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Makes a picture of one stroke in a box of 24 by 24. */
export function drawing(path: string, className = "drawing"): SVGSVGElement {
  const image = document.createElementNS(NAMESPACE, "svg");
  image.setAttribute("viewBox", "0 0 24 24");
  image.setAttribute("class", className);
  image.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(NAMESPACE, "path");
  line.setAttribute("d", path);
  image.append(line);
  return image;
}

/** Strokes of the phone's pictures. */
export const DRAWINGS = {
  back: "M15 5l-7 7 7 7",
  home: "M4 11l8-7 8 7M6 9.5V20h12V9.5",
  check: "M5 12.5l4.5 4.5L19 7",
  cross: "M7 7l10 10M17 7L7 17",
  warn: "M12 6v8M12 17.5v.5",
} as const;
