const NO_VARIABLES: ReadonlyMap<string, string> = new Map();

/** A path whose segments may be variables: `/socket/:tenant/websocket`. */
export class PathPattern {
  readonly #segments: readonly string[];
  /** The path, if it has no variables. */
  readonly #literal: string | undefined;

  constructor(path: string) {
    this.#segments = path.split("/");
    this.#literal = this.#segments.some((segment) => segment.startsWith(":")) ? undefined : path;
  }

  /** The values of the variables, or `undefined` when the path does not match. Dots and escapes are not resolved. */
  match(path: string): ReadonlyMap<string, string> | undefined {
    if (this.#literal !== undefined) return path === this.#literal ? NO_VARIABLES : undefined;
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
