import { startChat } from "./app.ts";
import { readConfig, StartError } from "./config.ts";
import { createLog } from "./operations/log.ts";
import { logTelemetry } from "./operations/log-telemetry.ts";

try {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel, process.stderr);
  const chat = await startChat(config, { telemetry: logTelemetry(log) });
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
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exitCode = 2;
}
