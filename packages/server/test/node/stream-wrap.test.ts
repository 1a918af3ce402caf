import { once } from "node:events";
import { createServer, type AddressInfo, connect } from "node:net";
import { TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import { findStreamWrap, tcpHandleOf } from "../../src/node/stream-wrap.ts";

class Request {
  readonly oncomplete = undefined;
}

const PARTS = { WriteWrap: Request, streamBaseState: Int32Array.of(0, 0, 1), kLastWriteWasAsync: 2 };

function runtimeWith(parts: unknown): object {
  return { binding: (name: string) => (name === "stream_wrap" ? parts : undefined) };
}

describe("findStreamWrap", () => {
  test("finds the parts of this Node", () => {
    const wrap = findStreamWrap(process);

    expect(wrap?.createRequest()).toBeTypeOf("object");
    expect(wrap?.isPending()).toBeTypeOf("boolean");
  });

  test("gives requests and the end of the latest write", () => {
    const wrap = findStreamWrap(runtimeWith(PARTS));
    const before = wrap?.isPending();
    PARTS.streamBaseState[2] = 0;

    expect([wrap?.createRequest() instanceof Request, before, wrap?.isPending()]).toEqual([true, true, false]);
  });

  test.each([
    ["has no bindings", {}],
    ["refuses the binding", { binding: () => expect.unreachable() }],
    ["has nothing in it", runtimeWith(undefined)],
    ["has no requests", runtimeWith({ ...PARTS, WriteWrap: undefined })],
    ["has a state of another kind", runtimeWith({ ...PARTS, streamBaseState: [0, 0, 1] })],
    ["does not say where the state is", runtimeWith({ ...PARTS, kLastWriteWasAsync: undefined })],
    ["names a place outside the state", runtimeWith({ ...PARTS, kLastWriteWasAsync: 3 })],
  ])("finds nothing in a runtime that %s", (_what, runtime) => {
    expect(findStreamWrap(runtime)).toBeUndefined();
  });
});

describe("tcpHandleOf", () => {
  test("finds the handle of a TCP connection, and none once it is gone", async () => {
    const server = createServer((socket) => socket.on("data", () => {})).listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1"); // a TCP server's address is an object
    await once(socket, "connect");

    const handle = tcpHandleOf(socket);
    const isOfTls = tcpHandleOf(new TLSSocket(socket)) !== undefined;
    socket.destroy();
    await once(socket, "close");
    server.close();

    expect(handle).toBeDefined();
    expect([isOfTls, tcpHandleOf(socket)]).toEqual([false, undefined]);
  });

  test.each([
    ["no handle", {}],
    ["a handle of another class", { _handle: { writeBuffer: () => 0 } }],
    [
      "a handle without the write",
      {
        _handle: new (class TCP {
          readonly fd = 1;
        })(),
      },
    ],
    ["a handle that is no object of this Node", { _handle: Object.create(null) }],
  ])("finds nothing in a stream with %s", (_what, stream) => {
    expect(tcpHandleOf(stream)).toBeUndefined();
  });
});
