/** What separates the parts of a form that a test writes by hand. */
export const BOUNDARY = "----a-boundary";

/** Says that a form comes. */
export const MULTIPART = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

/** The head of a part of a form. */
export function part(disposition: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`;
}
