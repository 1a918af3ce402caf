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
    return (this.#text ??= JSON.stringify(this.#value === undefined ? {} : this.#value) ?? "null");
  }
}
