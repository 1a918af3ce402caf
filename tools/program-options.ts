import { parseArgs } from "node:util";

/** An option of a program that is run by hand. */
export interface ProgramOption {
  readonly type: "string" | "boolean";
  /** For the help. */
  readonly about: string;
  readonly default?: string | boolean;
  /** Whether nothing but digits is taken, and a fraction of them. @defaultValue false */
  readonly isNumber?: boolean;
  /** The words of which some may be given, with commas between. @defaultValue whatever is given */
  readonly words?: readonly string[];
}

/** What was given, or the defaults, by the names of the options. */
export type ProgramValues<TOptions extends Readonly<Record<string, ProgramOption>>> = ReturnType<
  typeof parseArgs<{ options: TOptions; args: string[] }>
>["values"];

/** What a command line comes to. */
export type Understood<TValues> =
  | { readonly kind: "values"; readonly values: TValues }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "problem"; readonly text: string };

/**
 * Reads the options of this process. With `--help` it ends the process with 0, and with 2 and a sentence when it cannot
 * take what was given.
 */
export function readOptions<const TOptions extends Readonly<Record<string, ProgramOption>>>(
  about: string,
  options: TOptions,
): ProgramValues<TOptions> {
  const understood = understand(about, options, process.argv.slice(2));
  if (understood.kind === "problem") return refuse(understood.text);
  if (understood.kind === "values") return understood.values;
  console.log(understood.text);
  return process.exit(0);
}

/** Ends the process with 2, and with a sentence about what it was given. */
export function refuse(problem: string): never {
  console.error(`${problem}; see --help.`);
  process.exit(2);
}

/** Reads a command line without its program. */
export function understand<const TOptions extends Readonly<Record<string, ProgramOption>>>(
  about: string,
  options: TOptions,
  given: readonly string[],
): Understood<ProgramValues<TOptions>> {
  if (given.includes("--help") || given.includes("-h")) {
    const lines = Object.entries(options).map(helpLine);
    return { kind: "help", text: [about, ...(lines.length > 0 ? ["", ...lines] : [])].join("\n") };
  }
  try {
    const { values } = parseArgs<{ options: TOptions; args: string[] }>({ options, args: [...given] });
    for (const [name, value] of Object.entries(values)) {
      const problem = problemOf(options[name], String(value));
      if (problem !== undefined) return { kind: "problem", text: `--${name} is "${String(value)}", ${problem}` };
    }
    return { kind: "values", values };
  } catch (error) {
    // Node says more, which is of no use to programs without positional arguments.
    const [text = ""] = error instanceof Error ? error.message.split(/\.\s|\n/, 1) : [String(error)];
    return { kind: "problem", text };
  }
}

function problemOf(option: ProgramOption | undefined, text: string): string | undefined {
  if (option?.isNumber === true && !/^\d+(\.\d+)?$/.test(text)) return "give it a number";
  const words = option?.words;
  if (words?.length && text.split(",").some((word) => !words.includes(word))) return `give it of ${words.join(", ")}`;
  return undefined;
}

function helpLine([name, { type, about, default: value }]: readonly [string, ProgramOption]): string {
  const shown = type === "boolean" ? `--${name}` : `--${name} <${value ?? "…"}>`;
  return `  ${shown.padEnd(34)} ${about}`;
}
