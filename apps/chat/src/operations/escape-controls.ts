// C0 and C1: a terminal obeys both. The two separators break lines in some tools that read JSON lines.
// oxlint-disable-next-line no-control-regex -- these are what is to be taken out
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Writes control characters as JSON escapes, so that a client's text can neither break a line nor steer a terminal. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
