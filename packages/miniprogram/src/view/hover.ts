import { systemClock } from "../clock.ts";
import { BuiltInElement } from "./elements/built-in-element.ts";

const DEFAULTS: Readonly<
  Record<string, { readonly startMs: number; readonly stayMs: number; readonly hover: string }>
> = {
  "wx-button": { startMs: 20, stayMs: 70, hover: "button-hover" },
  "wx-navigator": { startMs: 50, stayMs: 600, hover: "navigator-hover" },
};
const VIEW_DEFAULTS = { startMs: 50, stayMs: 400, hover: "none" };

/** Gives pressed elements their `hover-class`, from now on. */
export function installHover(): void {
  document.addEventListener("pointerdown", (event) => {
    const element = event.target instanceof Element ? hoveredElement(event.target) : undefined;
    if (element !== undefined) press(element);
  });
}

function hoveredElement(target: Element): BuiltInElement | undefined {
  for (let element: Element | null = target; element !== null; element = element.parentElement) {
    if (element instanceof BuiltInElement && !element.hasAttribute("disabled") && classesOf(element).length > 0)
      return element;
  }
  return undefined;
}

/** A class is meant in the scopes of the template that the element stands in. */
function classesOf(element: BuiltInElement): readonly string[] {
  const names = element.text("hoverClass", (DEFAULTS[element.localName] ?? VIEW_DEFAULTS).hover).split(/\s+/);
  const own = names.filter((name) => name !== "" && name !== "none");
  const scopes = [...element.classList].flatMap((name) =>
    name.includes("--") ? [name.slice(0, name.indexOf("--"))] : [],
  );
  return [...own, ...[...new Set(scopes)].flatMap((scope) => own.map((name) => `${scope}--${name}`))];
}

function press(element: BuiltInElement): void {
  const { startMs, stayMs } = DEFAULTS[element.localName] ?? VIEW_DEFAULTS;
  const classes = classesOf(element);
  const cancelStart = systemClock.after(element.number("hoverStartTime", startMs), () =>
    element.classList.add(...classes),
  );
  const end = (): void => {
    for (const type of ENDS) document.removeEventListener(type, end);
    systemClock.after(element.number("hoverStayTime", stayMs), () => {
      cancelStart();
      element.classList.remove(...classes);
    });
  };
  for (const type of ENDS) document.addEventListener(type, end);
}

const ENDS = ["pointerup", "pointercancel"] as const;
