/**
 * What Node's TCP handles need for a write, and its streams have to themselves. Node does not document it. So each part is
 * looked at once, before the first use, and whoever finds none of it writes through streams.
 */

/** What a write that is not over within its call reports its end to. It MUST hold the bytes for so long. */
export interface WriteRequest {
  /** Keeps the bytes from being collected while the kernel has not taken them. */
  buffer?: Uint8Array;
  /** `status` is 0, or the negative number of an error. */
  oncomplete?: (status: number) => void;
}

/** A TCP connection as libuv has it. */
export interface TcpHandle {
  /**
   * Writes what the kernel takes at once; the rest follows after what waits already. Answers 0, or the negative number of
   * an error, after which nothing was written.
   */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
}

/** The parts that are common to all handles. */
export interface StreamWrap {
  /** Makes what one write reports to. One whose write was over at once may serve the next. */
  readonly createRequest: () => WriteRequest;
  /** Whether the latest write of any handle is not over, and keeps its request and its bytes. */
  readonly isPending: () => boolean;
}

/** Looks for the parts; `undefined` where one is missing or looks different. `runtime` is Node's `process`. */
export function findStreamWrap(runtime: object): StreamWrap | undefined {
  try {
    const binding: unknown = Reflect.get(runtime, "binding");
    return typeof binding === "function" ? toStreamWrap(binding("stream_wrap")) : undefined;
  } catch {
    return undefined; // Node refuses bindings that it does not have, and all of them under its permission model
  }
}

/** The handle below a stream, if it is one whose writes are known. Those of TLS are of another class. */
export function tcpHandleOf(stream: object): TcpHandle | undefined {
  const handle: unknown = Reflect.get(stream, "_handle");
  return isTcpHandle(handle) ? handle : undefined;
}

function isTcpHandle(handle: unknown): handle is TcpHandle {
  if (!(handle instanceof Object) || handle.constructor.name !== "TCP") return false;
  return "writeBuffer" in handle && typeof handle.writeBuffer === "function";
}

function toStreamWrap(parts: unknown): StreamWrap | undefined {
  if (typeof parts !== "object" || parts === null) return undefined;
  const [constructor, state, index] = ["WriteWrap", "streamBaseState", "kLastWriteWasAsync"].map((name): unknown =>
    Reflect.get(parts, name),
  );
  if (typeof constructor !== "function" || !(state instanceof Int32Array) || typeof index !== "number")
    return undefined;
  if (state[index] === undefined) return undefined;
  return { createRequest: () => Reflect.construct(constructor, []), isPending: () => state[index] !== 0 };
}
