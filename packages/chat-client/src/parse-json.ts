/** The value of a JSON text; `undefined` for anything else. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Only a SyntaxError can come here.
    return undefined;
  }
}
