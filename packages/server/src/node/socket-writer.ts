/**
 * Writes prepared bytes to the socket of one connection. Node's streams do for each write what is not needed here:
 * requests, callbacks, bookkeeping of chunks. So as long as nothing waits, bytes go to the TCP handle below the stream.
 * Everything else goes through the stream, which is always right: what waits behind other bytes, and sockets that are
 * not plain TCP. Order holds because both write to one handle, which keeps the order of its writes, and nothing is written
 * to it past bytes that the stream holds. What that rests on: docs/decisions/0016-writes-below-the-stream.md.
 */
import runtime from "node:process";
import type { Duplex } from "node:stream";
import { getSystemErrorName } from "node:util";
import { findStreamWrap, type StreamWrap, type TcpHandle, tcpHandleOf, type WriteRequest } from "./stream-wrap.ts";

/** Hears of room. */
export interface SocketWriterOwner {
  /** Bytes that had to wait have been taken by the kernel. */
  drained(): void;
}

const STREAM_WRAP = findStreamWrap(runtime);
/** Made for the next direct write, or left by the last one that was over at once. */
let spareRequest: WriteRequest | undefined;

/** The way out of one socket. */
export class SocketWriter {
  readonly #socket: Duplex;
  readonly #owner: SocketWriterOwner;
  /** `undefined` where only the stream writes. */
  readonly #handle: TcpHandle | undefined;
  /** Size of the write that the handle is not through with. It counts whole, as a stream counts. */
  #pendingBytes = 0;
  /** Given to every write to the stream; made for the first one. */
  #streamWrote: ((error?: Error | null) => void) | undefined = undefined;

  /** `isDirect` is whether bytes may go past the stream. */
  constructor(socket: Duplex, owner: SocketWriterOwner, isDirect: boolean) {
    this.#socket = socket;
    this.#owner = owner;
    this.#handle = isDirect ? tcpHandleOf(socket) : undefined;
  }

  /** Bytes that the kernel has not taken. */
  get bufferedAmount(): number {
    return this.#pendingBytes + this.#socket.writableLength;
  }

  /** Writes after all that was written before, by the stream too. An error ends the socket. */
  write(bytes: Uint8Array): void {
    if (STREAM_WRAP !== undefined && this.#handle !== undefined && this.bufferedAmount === 0) {
      this.#writeDirectly(STREAM_WRAP, this.#handle, bytes);
    } else {
      this.#writeToStream(bytes);
    }
  }

  #writeToStream(bytes: Uint8Array): void {
    // The stream's `drain` would not do: what is below the stream's own high-water mark ends without one.
    this.#streamWrote ??= (error) => {
      const isGone = this.#socket.destroyed || (error !== undefined && error !== null);
      if (!isGone && this.bufferedAmount === 0) this.#owner.drained();
    };
    this.#socket.write(bytes, this.#streamWrote);
  }

  #writeDirectly(wrap: StreamWrap, handle: TcpHandle, bytes: Uint8Array): void {
    const request = (spareRequest ??= wrap.createRequest());
    const status = handle.writeBuffer(request, bytes);
    if (status === 0 && !wrap.isPending()) return;
    spareRequest = undefined;
    if (status !== 0) return this.#fail(status);
    this.#pendingBytes = bytes.length;
    request.buffer = bytes;
    request.oncomplete = (late) => this.#complete(late);
  }

  #complete(status: number): void {
    this.#pendingBytes = 0;
    if (status === 0) this.#owner.drained();
    else this.#fail(status);
  }

  /** Ends the socket as its stream does when a write fails. A socket that is gone refuses writes, too. */
  #fail(status: number): void {
    if (!this.#socket.destroyed) this.#socket.destroy(new Error(`write ${getSystemErrorName(status)}`));
  }
}
