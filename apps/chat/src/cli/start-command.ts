import { defineStrictCommand } from "./strict-command.ts";
import { startChat } from "../app.ts";
import { readConfig } from "../config.ts";
import { createLog } from "../operations/log.ts";
import { logFailures, logTelemetry } from "../operations/log-telemetry.ts";

/** `hutong start`. Ends with the first SIGINT or SIGTERM, after a drain. */
export const startCommand = defineStrictCommand({
  meta: { name: "start", description: "Start the chat. The default command." },
  async run() {
    const config = readConfig(process.env);
    const log = createLog(config.logLevel, process.stderr);
    for (const variable of config.unknownVariables) log.warn({ variable }, "unknown_variable");
    const chat = await startChat(config, { telemetry: logTelemetry(log), failed: logFailures(log) });
    console.log(`Hutong listens on ${chat.url}`);
    const stop = (): void => {
      // A second signal finds no handler and ends the process at once.
      process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
      chat.drain().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  },
});
