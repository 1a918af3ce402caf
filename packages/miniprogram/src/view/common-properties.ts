import { systemClock } from "../clock.ts";
import { isRecord, numberOf, textFrom, textOf } from "../is-record.ts";

/** Sets a property that every element has. Gives `false` for the others. */
export function applyCommonProperty(element: Element, name: string, value: unknown): boolean {
  if (name === "hidden") {
    element.toggleAttribute("hidden", isTrue(value));
    return true;
  }
  if (name === "animation") {
    if (element instanceof HTMLElement && isRecord(value)) runSteps(element, value["actions"]);
    return element.localName !== "wx-movable-view";
  }
  if (name === "role" || name === "ariaRole" || /^aria[A-Z]/.test(name)) {
    const attribute = name.startsWith("ariaRole")
      ? "role"
      : name.replace(/^aria([A-Z])/, (_, letter: string) => `aria-${letter.toLowerCase()}`);
    if (value === null) element.removeAttribute(attribute);
    else element.setAttribute(attribute, textFrom(value));
    return true;
  }
  return false;
}

/** In templates every text is true, the empty one and `"false"` apart. */
export function isTrue(value: unknown): boolean {
  return value !== "false" && Boolean(value);
}

const RUNNING = new WeakMap<Element, number>();

/** Runs the steps of `wx.createAnimation`, one after the other. A new animation ends the one before. */
function runSteps(element: HTMLElement, actions: unknown): void {
  if (!Array.isArray(actions)) return;
  const run = (RUNNING.get(element) ?? 0) + 1;
  RUNNING.set(element, run);
  void actions.filter(isRecord).reduce<Promise<void>>(async (before, action) => {
    await before;
    if (RUNNING.get(element) === run) await runStep(element, action);
  }, Promise.resolve());
}

function runStep(element: HTMLElement, action: Readonly<Record<string, unknown>>): Promise<void> {
  const [durationMs, delayMs] = [numberOf(action["durationMs"]), numberOf(action["delayMs"])];
  const styles = isRecord(action["styles"]) ? action["styles"] : {};
  // The styles before the transition must be known to the browser.
  element.getBoundingClientRect();
  element.style.transition = `all ${durationMs}ms ${textOf(action["timingFunction"], "linear")} ${delayMs}ms`;
  element.style.transformOrigin = textOf(action["transformOrigin"]);
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, String(value));
  return new Promise((resolve) => {
    systemClock.after(durationMs + delayMs, resolve);
  });
}
