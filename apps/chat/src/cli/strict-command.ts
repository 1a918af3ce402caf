import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { StartError } from "../config.ts";

/** A command that refuses options and words that it does not know: a slip must not look like success. */
export function defineStrictCommand<const TArgs extends ArgsDef>(command: CommandDef<TArgs>): CommandDef<TArgs> {
  return defineCommand({
    ...command,
    async setup(context) {
      const definitions = Object.entries((await resolve(command.args)) ?? {});
      const options = new Set(definitions.filter(([, { type }]) => type !== "positional").map(([name]) => name));
      const wordCount = definitions.length - options.size;
      for (const given of context.rawArgs) {
        if (given === "--") break; // what follows are words
        const [, dashes = "", name = ""] = /^(--(?:no-)?|-)([^-=][^=]*)/.exec(given) ?? [];
        if (name !== "" && (dashes === "-" || !options.has(name)))
          throw new StartError(`There is no option ${dashes === "-" ? "-" : "--"}${name}; see --help.`);
      }
      const words = context.args._;
      if (words.length > wordCount) throw new StartError(`"${words.at(-1)}" is one word too many; see --help.`);
    },
  });
}

async function resolve<TValue>(given: TValue | Promise<TValue> | (() => TValue | Promise<TValue>)): Promise<TValue> {
  const value = typeof given === "function" ? (given as () => TValue | Promise<TValue>)() : given; // a definition is no function itself
  return value;
}
