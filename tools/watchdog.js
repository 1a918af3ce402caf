// Runs a command in a process group of its own and ends the group when this
// process's stdin closes, which happens however the parent goes, SIGKILL
// included. Plain JavaScript, so that it starts without a loader: one of these
// stands beside every child process of a test.
import { spawn } from "node:child_process";
import { constants } from "node:os";

const GRACE_MS = 5_000;

const [command, ...commandArguments] = process.argv.slice(2);
const child = spawn(command, commandArguments, { stdio: ["ignore", "inherit", "inherit"], detached: true });

/**
 * Tells whether anyone was there to hear it.
 *
 * @param {string | number} signal 0 only asks
 */
function signalGroup(signal) {
  try {
    return child.pid !== undefined && process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the whole group is gone already.
    return false;
  }
}

let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  signalGroup("SIGTERM");
  setTimeout(() => signalGroup("SIGKILL"), GRACE_MS).unref();
}

process.stdin.on("end", stop);
process.stdin.on("error", stop);
process.stdin.resume();
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

child.on("error", (error) => {
  process.stderr.write(`${command} does not start: ${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  const status = code ?? 128 + constants.signals[signal];
  // Whatever the command left running belongs to the group and goes with it.
  stop();
  const exitWhenAlone = () => {
    if (!signalGroup(0)) process.exit(status);
  };
  exitWhenAlone();
  setInterval(exitWhenAlone, 20);
  setTimeout(() => process.exit(status), GRACE_MS + 1_000);
});
