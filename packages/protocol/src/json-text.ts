/**
 * A value as JSON, for a payload that goes out under many keys: the text is written when it is first asked for, and once. The
 * value must not change afterwards.
 */
export class JsonText {
  readonly #value: unknown;
  #text: string | undefined;

  constructor(value: unknown) {
    this.#value = value;
  }

  /** `{}` for `undefined`, and `null` for what JSON has no word for, as within an array. */
  get text(): string {
    return (this.#text ??= write(this.#value === undefined ? {} : this.#value));
  }
}

function write(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? "null" : text;
}
