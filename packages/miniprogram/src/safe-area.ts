/**
 * Makes `env(safe-area-inset-bottom)` a variable of the page: the browser's own value is that of its window,
 * not of the phone that is shown. `constant` is the older name of `env`.
 */
export function replaceSafeArea(text: string): string {
  return text.replace(/\b(?:env|constant)\(\s*(?=safe-area-inset-(?:bottom|left|right|top)\b)/gi, "var(--");
}
