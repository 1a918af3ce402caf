import type { Clock } from "@hutong/client/wechat";

/** The clock of the phone. It stands still while the mini-program is frozen. */
export const phoneClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  every(ms, run) {
    const timer = setInterval(run, ms);
    return () => clearInterval(timer);
  },
  soon(run) {
    void Promise.resolve().then(run);
  },
};
