/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A number that a variable may hold. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** @defaultValue must be given */
  readonly otherwise: number;
}

/** Reads variables one by one and collects what is wrong with them, so that all of it is told at once. */
export class EnvironmentReader {
  readonly #environment: Environment;
  readonly #read = new Set<string>();
  /** Parts of a sentence, in the order of reading. */
  readonly problems: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A text; an empty one is a problem, because it is a slip and never a wish. */
  text(name: string, otherwise: string, remedy: string): string {
    const text = this.given(name) ?? otherwise;
    if (text === "") this.problems.push(`${name} is "", ${remedy}`);
    return text;
  }

  /** A text as it is; `undefined` when it is not there. */
  given(name: string): string | undefined {
    this.#read.add(name);
    return this.#environment[name];
  }

  /** A text that need not be there; an empty one counts as not there. */
  optional(name: string): string | undefined {
    const text = this.given(name);
    return text === "" ? undefined : text;
  }

  /** `on` or `off`. */
  isOn(name: string, otherwise: boolean): boolean {
    return this.choice(name, ["on", "off"], otherwise ? "on" : "off") === "on";
  }

  /** A whole number in decimal digits. */
  integer(name: string, { min, max, otherwise }: NumberRange): number {
    const text = this.given(name) ?? String(otherwise);
    const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    this.problems.push(`${name} is "${text}", set a number from ${min} to ${max}`);
    return otherwise;
  }

  /** One of several words. */
  choice<TWord extends string>(name: string, words: readonly TWord[], otherwise: TWord): TWord {
    const text = this.given(name) ?? otherwise;
    const word = words.find((candidate) => candidate === text);
    if (word === undefined) this.problems.push(`${name} is "${text}", set ${listed(words)}`);
    return word ?? otherwise;
  }

  /** A comma-separated list; entries that `isGood` refuses are problems with the remedy. */
  list(name: string, isGood: (entry: string) => boolean, remedy: string): readonly string[] {
    const entries = (this.given(name) ?? "")
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
    for (const entry of entries) if (!isGood(entry)) this.problems.push(`${name} has "${entry}", ${remedy}`);
    return entries;
  }

  /** The variables that look like ours and have not been read, in alphabetical order: slips of the pen, most likely. */
  unread(): readonly string[] {
    return Object.entries(this.#environment)
      .filter(([name, text]) => name.startsWith("HUTONG_") && !this.#read.has(name) && !isOfOthers(name, text))
      .map(([name]) => name)
      .toSorted();
  }
}

/** What the suites read, and what an orchestrator sets for services whose names begin with `hutong`. */
function isOfOthers(name: string, text = ""): boolean {
  return (
    /^HUTONG_TEST_|_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(name) ||
    (name.endsWith("_PORT") && text.includes("://"))
  );
}

/** `a, b or c`. */
function listed(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " or $1");
}
