import type { Clock } from "@hutong/client/wechat";
import type { AuctionEvent } from "./auction-state";

/** How many answers a new link is measured by, and how often it is measured afterwards, in milliseconds. */
const FIRST_ROUNDS = 3;
const AGAIN_MS = 45_000;

/**
 * The server's clock as seen from a phone, whose own may be wrong by minutes. The quickest answer of a link is believed:
 * it was written somewhere within its round trip, so the error is half of that at most.
 */
export class ServerTime {
  readonly #clock: Clock;
  #offsetMs = 0;
  #quickestMs = Infinity;
  #rounds = 0;
  #askedAt = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since 1970 by the server's clock. */
  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  /** Measures anew: there is another link, and the phone may have slept. */
  forget(): void {
    this.#quickestMs = Infinity;
    this.#rounds = 0;
    this.#askedAt = -Infinity;
  }

  /** Says whether the server is to be asked now, and counts on being told. */
  isDue(): boolean {
    const now = this.#clock.now();
    if (this.#rounds >= FIRST_ROUNDS && now - this.#askedAt < AGAIN_MS) return false;
    this.#rounds += 1;
    this.#askedAt = now;
    return true;
  }

  /** Takes a time that came with something else, which is better than nothing. */
  hint(serverNow: unknown): void {
    if (this.#quickestMs === Infinity && typeof serverNow === "number") this.#offsetMs = serverNow - this.#clock.now();
  }

  /** Takes an answer; `sentAt` in it is what this phone's clock said when it asked. */
  take({ sentAt, serverNow }: AuctionEvent): void {
    if (typeof sentAt !== "number" || typeof serverNow !== "number") return;
    const receivedAt = this.#clock.now();
    if (receivedAt - sentAt > this.#quickestMs) return;
    this.#quickestMs = receivedAt - sentAt;
    this.#offsetMs = serverNow - (sentAt + receivedAt) / 2;
  }
}
