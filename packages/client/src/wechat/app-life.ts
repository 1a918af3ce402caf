/**
 * The life of a mini-program. Five seconds after it went to the background WeChat
 * freezes it and cuts its sockets. On return everything goes on as if no time had
 * passed, and a socket may look open for a long time; so who comes back after that
 * long counts as thawed, and every socket from before as dead. A jump of the
 * clock says the same where WeChat told nothing.
 */
import type { Clock } from "../clock.ts";
import type { Page } from "../link/page.ts";
import type { Wx, WxNetworkStatus } from "./wx.ts";

/** How long a mini-program runs on in the background, in milliseconds. */
const FROZEN_AFTER_MS = 5_000;
const TICK_MS = 10_000;
/** Ticks of this distance show that no code ran in between, in milliseconds. */
const JUMP_MS = 3 * TICK_MS;

/** Listens to `wx` as long as somebody listens here. */
export class AppLife implements Page {
  readonly #wx: Wx;
  readonly #clock: Clock;
  readonly #thawed = new Set<() => void>();
  readonly #changed = new Set<() => void>();
  #hiddenAtMs: number | undefined;
  #isOnline = true;
  #lastTickMs = 0;
  #stop: (() => void) | undefined;

  constructor(wx: Wx, clock: Clock) {
    this.#wx = wx;
    this.#clock = clock;
  }

  isOnline(): boolean {
    return this.#isOnline;
  }

  isVisible(): boolean {
    return this.#hiddenAtMs === undefined;
  }

  watch(changed: () => void): () => void {
    return this.#add(this.#changed, changed);
  }

  /** Calls back when the mini-program was frozen, before those who `watch`; the returned function ends it. */
  onThaw(thawed: () => void): () => void {
    return this.#add(this.#thawed, thawed);
  }

  #add(handlers: Set<() => void>, handler: () => void): () => void {
    handlers.add(handler);
    this.#stop ??= this.#start();
    return () => {
      handlers.delete(handler);
      if (this.#thawed.size + this.#changed.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  #start(): () => void {
    const wx = this.#wx;
    const shown = (): void => this.#shown();
    const hidden = (): void => void (this.#hiddenAtMs ??= this.#clock.now());
    const network = (status: WxNetworkStatus): void => {
      this.#isOnline = status.isConnected;
      this.#tell(this.#changed);
    };
    this.#lastTickMs = this.#clock.now();
    wx.onAppShow(shown);
    wx.onAppHide(hidden);
    wx.onNetworkStatusChange(network);
    const stopTimer = this.#clock.every(TICK_MS, () => this.#tick());
    return () => {
      stopTimer();
      wx.offAppShow(shown);
      wx.offAppHide(hidden);
      wx.offNetworkStatusChange?.(network);
    };
  }

  #shown(): void {
    const now = this.#clock.now();
    const wasFrozen = now - (this.#hiddenAtMs ?? now) >= FROZEN_AFTER_MS;
    this.#hiddenAtMs = undefined;
    this.#lastTickMs = now;
    if (wasFrozen) this.#tell(this.#thawed);
    this.#tell(this.#changed);
  }

  #tick(): void {
    const now = this.#clock.now();
    const hasJumped = now - this.#lastTickMs > JUMP_MS;
    this.#lastTickMs = now;
    if (!hasJumped) return;
    // What connects from here on is younger than the freeze, and must outlive the event that follows.
    if (this.#hiddenAtMs !== undefined) this.#hiddenAtMs = now;
    this.#tell(this.#thawed);
  }

  #tell(handlers: ReadonlySet<() => void>): void {
    for (const handler of [...handlers]) handler();
  }
}
