import { defineStrictCommand } from "./strict-command.ts";
import { readConfig, StartError } from "../config.ts";
import { loadSecret } from "../secret.ts";
import { createTokens } from "../tokens.ts";

/** `hutong token`: a token for rooms, signed with the secret in the data folder. */
export const tokenCommand = defineStrictCommand({
  meta: { name: "token", description: "Make a token that opens rooms other than the lobby." },
  args: {
    name: { type: "string", required: true, description: "Name of the holder, 1 to 30 characters" },
    room: { type: "string", description: "Rooms that it opens, without room:, separated by commas; all without it" },
    hours: { type: "string", default: "24", description: "How long it is valid, at most 8760" },
  },
  async run({ args: { name, room, hours } }) {
    const rooms = room
      ?.split(",")
      .map((entry) => entry.trim().replace(/^room:/, ""))
      .filter((entry) => entry !== "");
    const life = Number(hours);
    if (name.length === 0 || name.length > 30 || !(life > 0 && life <= 8_760))
      throw new StartError("A token needs a name of 1 to 30 characters, and at most 8760 hours.");
    const tokens = createTokens(await loadSecret(readConfig(process.env).dataFolder));
    console.log(await tokens.issue({ name, rooms }, life));
  },
});
