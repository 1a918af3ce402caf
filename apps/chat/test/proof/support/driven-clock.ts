import { FakeClock } from "@hutong/testing";

/** A clock that a test moves, for a server with real sockets: what is due soon runs by itself, in the next turn of the event loop. */
export class DrivenClock extends FakeClock {
  override soon(run: () => void): void {
    setImmediate(run);
  }
}
