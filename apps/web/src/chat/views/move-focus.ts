import type { TargetedKeyboardEvent } from "preact";

import { isComposing } from "../../state/draft.ts";

/**
 * Moves the focus with the arrow keys, Home and End among elements that match a selector, in the order of the page. Keys that
 * an input method takes are left to it.
 */
export function moveFocus(event: KeyboardEvent, selector: string, where?: "first"): void {
  if (isComposing(event)) return;
  const items = [...document.querySelectorAll<HTMLElement>(selector)];
  const at = items.findIndex((item) => item === document.activeElement);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: items.length - 1,
  };
  const next = where === "first" ? 0 : at === -1 ? undefined : steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[Math.max(0, Math.min(items.length - 1, next))]?.focus();
}

/** Moves the focus with the four arrow keys, Home and End among the buttons of the grid that hears the key. */
export function moveGridFocus(event: TargetedKeyboardEvent<HTMLElement>): void {
  const grid = event.currentTarget;
  const items = [...grid.querySelectorAll("button")];
  const at = items.findIndex((item) => item === document.activeElement);
  const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowRight: at + 1,
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: 0,
    End: items.length - 1,
  };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[next]?.focus();
}
