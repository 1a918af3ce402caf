import type { Frame } from "@hutong/protocol";
import type { FrameBatch } from "./frame-batch.ts";
import type { Transport, TransportReceiver } from "./transport.ts";

/** The client's end of a {@link LoopbackTransport}. */
export interface LoopbackPeer {
  /** A frame came from the server. */
  frame(frame: Frame): void;
  /** The link is gone. */
  closed(code: number, reason: string): void;
}

/**
 * A transport inside one process: frames are handed over by function call, at
 * once. For tests, and for clients that live in the server's process.
 */
export class LoopbackTransport implements Transport {
  readonly name = "loopback";
  readonly noticesSilence = false;
  readonly bufferedAmount = 0;
  readonly #peer: LoopbackPeer;
  #receiver: TransportReceiver | undefined;
  #early: Frame[] = [];
  #closed = false;

  constructor(peer: LoopbackPeer) {
    this.#peer = peer;
  }

  start(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    const early = this.#early;
    this.#early = [];
    for (const frame of early) receiver.frame(frame);
  }

  /** Sends a frame as the client. */
  receive(frame: Frame): void {
    if (this.#closed) return;
    if (this.#receiver === undefined) this.#early.push(frame);
    else this.#receiver.frame(frame);
  }

  send(batch: FrameBatch): void {
    if (this.#closed) return;
    for (const { frame } of batch.frames()) this.#peer.frame(frame);
  }

  ping(): void {
    this.#receiver?.alive();
  }

  close(code: number, reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#peer.closed(code, reason);
    this.#receiver?.closed(code, reason);
  }

  terminate(): void {
    this.close(1006, "");
  }
}
