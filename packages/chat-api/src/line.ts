/**
 * Control characters, marks that turn the direction of writing, so that `gpj.exe` reads like a picture, and what takes no
 * room. U+200C and U+200D stay: they join letters and emoji.
 */
const UNSEEN = /[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu;
/** Besides what has no shape by its nature there are letters that look like nothing. */
const VISIBLE = /[^\p{Cc}\p{Cf}\p{M}\p{Z}\u115F\u1160\u2800\u3164\uFFA0]/u;

/**
 * A name or a title as it may stand beside others: one line, trimmed, without what cannot be seen. Empty when
 * nothing of it can be seen.
 */
export function toLine(text: string): string {
  return toWords(text.replaceAll(/(?:(?!\uFEFF)\s)+/g, " ").replaceAll(UNSEEN, ""));
}

/** What somebody writes, trimmed; empty when nothing of it can be seen. */
export function toWords(text: string): string {
  return VISIBLE.test(text) ? text.trim() : "";
}
