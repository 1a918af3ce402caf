import { stripVTControlCharacters } from "node:util";
import { DatabaseError } from "@hutong/database";
import { defineCommand, runCommand, runMain } from "citty";
import { ChatError } from "./api/chat-error.ts";
import { doctorCommand } from "./cli/doctor-command.ts";
import { exportCommand } from "./cli/export-command.ts";
import { migrateCommand } from "./cli/migrate-command.ts";
import { startCommand } from "./cli/start-command.ts";
import { tokenCommand } from "./cli/token-command.ts";
import { userCommand } from "./cli/user-command.ts";
import { StartError } from "./config.ts";

const hutong = defineCommand({
  meta: { name: "hutong", description: "The chat, and the work around it." },
  default: "start",
  subCommands: {
    start: startCommand,
    migrate: migrateCommand,
    user: userCommand,
    token: tokenCommand,
    export: exportCommand,
    doctor: doctorCommand,
  },
});

const given = process.argv.slice(2);
try {
  if (given.includes("--help") || given.includes("-h")) await runMain(hutong);
  else await runCommand(hutong, { rawArgs: given });
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 2;
}

/** One sentence for what is the operator's to mend, and all there is of what is ours. */
function messageOf(error: unknown): unknown {
  if (isUsageError(error)) return `${stripVTControlCharacters(error.message).replace(/\.$/, "")}; see --help.`;
  const isExpected = error instanceof StartError || error instanceof DatabaseError || error instanceof ChatError;
  return isExpected ? error.message : error;
}

/** What citty throws when a command is called wrongly; the class is not among its exports. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === "CLIError";
}
