import { parseArgs } from "node:util";
import { readConfig, StartError } from "./config.ts";
import { loadSecret } from "./secret.ts";
import { createTokens } from "./tokens.ts";

const USAGE = "Usage: npm run token -- --name Ada [--room secret]... [--hours 24]";

try {
  const { name, room, hours } = readOptions();
  const tokens = createTokens(await loadSecret(readConfig(process.env).dataFolder));
  console.log(await tokens.issue({ name, rooms: room }, hours));
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 2;
}

function readOptions(): { name: string; room: string[] | undefined; hours: number } {
  try {
    const { values } = parseArgs({
      options: {
        name: { type: "string" },
        room: { type: "string", multiple: true },
        hours: { type: "string", default: "24" },
      },
    });
    const hours = Number(values.hours);
    const { name = "", room } = values;
    if (name.length >= 1 && name.length <= 30 && hours > 0 && hours <= 8_760) return { name, room, hours };
  } catch {
    // parseArgs throws only for options that it does not know.
  }
  throw new StartError(`A token needs a name of 1 to 30 characters, and at most 8760 hours. ${USAGE}`);
}
