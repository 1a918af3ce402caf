/** A path whose segments may be variables: `/socket/:tenant/websocket`. */
export class PathPattern {
  readonly #segments: readonly string[];

  constructor(path: string) {
    this.#segments = path.split("/");
  }

  /** The values of the variables, or `undefined` when the path does not match. Dots and escapes are not resolved. */
  match(path: string): ReadonlyMap<string, string> | undefined {
    const segments = path.split("/");
    if (segments.length !== this.#segments.length) return undefined;
    const variables = new Map<string, string>();
    for (const [index, expected] of this.#segments.entries()) {
      const segment = segments[index] ?? "";
      if (!expected.startsWith(":")) {
        if (segment !== expected) return undefined;
      } else {
        const value = decode(segment);
        if (value === undefined || value === "") return undefined;
        variables.set(expected.slice(1), value);
      }
    }
    return variables;
  }
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // decodeURIComponent throws only URIError
  }
}
