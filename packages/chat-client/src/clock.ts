import type { Clock } from "@hutong/client";

/** Everything that the chat needs to know of time. A fake one makes tests instant. */
export type ChatClock = Pick<Clock, "now" | "after" | "every">;

// All of the runtime that this package uses: browsers, Node and WeChat have them. It is built without the names of any other.
declare function setTimeout(run: () => void, ms: number): number;
declare function clearTimeout(timer: number): void;
declare function setInterval(run: () => void, ms: number): number;
declare function clearInterval(timer: number): void;

/** The clock of the runtime. */
export const systemClock: ChatClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
};
