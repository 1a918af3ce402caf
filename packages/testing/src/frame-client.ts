import type { Frame } from "@hutong/protocol";
import { systemClock } from "@hutong/server/plugin";
import { DEFAULT_LIMIT_MS, type WaitOptions } from "./eventually.ts";
import type { ObservedClose } from "./scripted-transport.ts";

/** The client's way to the server. */
export interface FrameLink {
  /** Sends a frame after everything sent before. */
  send(frame: Frame): void;
  /** Ends the link politely. */
  close(code: number, reason: string): void;
}

/**
 * A client that speaks in frames: it records what it is sent, decoded, and does nothing by itself. Made by
 * `connectLoopback` and `overWebSocket`.
 */
export class FrameClient<TMessage> {
  /** Everything that was received, in order. */
  readonly messages: TMessage[] = [];
  /** Resolves when the link is gone. */
  readonly closed: Promise<ObservedClose>;
  readonly #link: FrameLink;
  readonly #decode: (frame: Frame) => TMessage;
  readonly #changed = new Set<() => void>();
  #taken = 0;
  #close: ObservedClose | undefined;
  #resolveClosed: (close: ObservedClose) => void = () => {};

  constructor(link: FrameLink, decode: (frame: Frame) => TMessage) {
    this.#link = link;
    this.#decode = decode;
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
  }

  /** How the link ended, `undefined` while it is up. */
  get closedWith(): ObservedClose | undefined {
    return this.#close;
  }

  /** Sends a frame as it is. */
  send(frame: Frame): void {
    this.#link.send(frame);
  }

  /** Sends a value as JSON text. */
  sendJson(value: unknown): void {
    this.#link.send(JSON.stringify(value));
  }

  /** Ends the link politely; `closed` tells when it is gone. */
  close(code = 1000, reason = ""): void {
    this.#link.close(code, reason);
  }

  /** The messages since the last `take` or `next`. */
  take(): readonly TMessage[] {
    const messages = this.messages.slice(this.#taken);
    this.#taken = this.messages.length;
    return messages;
  }

  /**
   * Waits for the first message since the last `take` or `next` that satisfies the predicate; those before it are
   * passed over. Rejects, naming what came instead, when the limit has passed or the link is gone.
   */
  async next(isWanted: (message: TMessage) => boolean = () => true, options: WaitOptions = {}): Promise<TMessage> {
    const limitMs = options.limitMs ?? DEFAULT_LIMIT_MS;
    const deadlineMs = performance.now() + limitMs;
    for (;;) {
      const index = this.messages.findIndex((message, at) => at >= this.#taken && isWanted(message));
      const message = this.messages[index];
      if (message !== undefined) {
        this.#taken = index + 1;
        return message;
      }
      const remainingMs = deadlineMs - performance.now();
      if (this.#close !== undefined || remainingMs <= 0) throw this.#missing(limitMs);
      await this.#change(remainingMs);
    }
  }

  /** Takes a frame from the server; for those who bring a link of their own. */
  receive(frame: Frame): void {
    this.messages.push(this.#decode(frame));
    this.#notify();
  }

  /** Notes that the link is gone; for those who bring a link of their own. */
  end(code: number, reason: string): void {
    if (this.#close !== undefined) return;
    this.#close = { code, reason };
    this.#resolveClosed(this.#close);
    this.#notify();
  }

  #notify(): void {
    for (const changed of [...this.#changed]) changed();
  }

  #change(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#changed.delete(done);
        resolve();
      };
      const cancel = systemClock.after(limitMs, done);
      this.#changed.add(done);
    });
  }

  #missing(limitMs: number): Error {
    const why = this.#close === undefined ? `within ${limitMs} ms` : `before the close with ${this.#close.code}`;
    return new Error(`the message did not come ${why}; came: ${JSON.stringify(this.messages.slice(this.#taken))}`);
  }
}
