/** Moves the focus with the arrow keys, Home and End among elements that match a selector, in the order of the page. */
export function moveFocus(event: KeyboardEvent, selector: string, where?: "first"): void {
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
