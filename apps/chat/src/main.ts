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
  if (given.includes("--help")) await runMain(hutong);
  else await runCommand(hutong, { rawArgs: given });
} catch (error) {
  const isExpected =
    [StartError, DatabaseError, ChatError].some((kind) => error instanceof kind) || isUsageError(error);
  console.error(isExpected && error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

/** What citty throws when a command is called wrongly; the class is not among its exports. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === "CLIError";
}
