import { setTimeout } from "node:timers/promises";

/** Waits for so many milliseconds of the machine's time: for another process, which knows no other. */
export function pause(ms: number): Promise<void> {
  return setTimeout(ms);
}
