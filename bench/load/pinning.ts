import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Puts `taskset` before a command, so that servers have core 0 and the load generator has core 1. */
export type Pin = (core: 0 | 1, command: readonly string[]) => readonly string[];

/** Pins where the machine has two cores and `taskset`; otherwise leaves commands as they are. */
export function resolvePin(): Pin {
  return canPin() ? (core, command) => ["taskset", "-c", String(core), ...command] : (_core, command) => command;
}

/** Whether processes can be bound to cores here. */
export function canPin(): boolean {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync("taskset", ["-c", "0", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false; // there is no such program, or this process may not use the core
  }
}
