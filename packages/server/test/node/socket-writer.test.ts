import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { eventually } from "@hutong/testing";
import { describe, expect, test, vi } from "vitest";
import { SocketWriter } from "../../src/node/socket-writer.ts";

/** Larger than what the kernel takes for a client that does not read. */
const FLOOD_BYTES = 16_777_216;

interface SocketPair extends AsyncDisposable {
  /** The end that is written to. */
  readonly near: Socket;
  readonly far: Socket;
}

async function createSocketPair(): Promise<SocketPair> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const far = connect((server.address() as AddressInfo).port, "127.0.0.1"); // a TCP server's address is an object
  const [near] = await Promise.all([accepted, once(far, "connect")]);
  return {
    near,
    far,
    [Symbol.asyncDispose]: () => {
      near.destroy();
      far.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Writes to `near` and counts how often there was room again. */
class Writing {
  readonly writer: SocketWriter;
  drainCount = 0;
  /** What waited when there was room for the last time. */
  waitedAtDrain = -1;

  constructor(near: Socket, isDirect = true) {
    this.writer = new SocketWriter(near, this, isDirect);
  }

  drained(): void {
    this.drainCount++;
    this.waitedAtDrain = this.writer.bufferedAmount;
  }
}

/** The errors of a socket, once it is closed. */
function errorsOf(socket: Socket): Promise<readonly string[]> {
  const errors: string[] = [];
  socket.on("error", (error) => errors.push(String(error)));
  return new Promise((resolve) => socket.once("close", () => resolve(errors)));
}

/** Collects what `far` is given. */
function collect(far: Socket): () => Buffer {
  const chunks: Buffer[] = [];
  far.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}

test("bytes do not pass the stream while nothing waits", async () => {
  await using pair = await createSocketPair();
  const streamWrite = vi.spyOn(pair.near, "write");
  const received = collect(pair.far);
  const { writer } = new Writing(pair.near);

  writer.write(Buffer.from("one "));
  writer.write(Buffer.from("two"));

  await eventually(() => expect(received().toString()).toBe("one two"));
  expect([streamWrite.mock.calls.length, writer.bufferedAmount]).toEqual([0, 0]);
});

test("bytes pass the stream when they are to", async () => {
  await using pair = await createSocketPair();
  const streamWrite = vi.spyOn(pair.near, "write");
  const received = collect(pair.far);

  new Writing(pair.near, false).writer.write(Buffer.from("one"));

  await eventually(() => expect(received().toString()).toBe("one"));
  expect(streamWrite.mock.calls.length).toBe(1);
});

test("bytes that the stream holds are not overtaken", async () => {
  await using pair = await createSocketPair();
  const received = collect(pair.far);
  const { writer } = new Writing(pair.near);

  pair.near.cork();
  pair.near.write("held ");
  writer.write(Buffer.from("next"));
  pair.near.uncork();

  await eventually(() => expect(received().toString()).toBe("held next"));
});

describe.each([
  ["below the stream", true],
  ["to the stream", false],
])("a write %s that the kernel does not take", (_way, isDirect) => {
  test("counts whole until it is over, and then there is room", async () => {
    await using pair = await createSocketPair();
    const writing = new Writing(pair.near, isDirect);

    writing.writer.write(Buffer.alloc(FLOOD_BYTES));
    writing.writer.write(Buffer.alloc(1_000));
    const before = [writing.writer.bufferedAmount, writing.drainCount];
    pair.far.resume();

    await eventually(() => expect(writing.writer.bufferedAmount).toBe(0));
    await eventually(() => expect(writing.drainCount).toBeGreaterThan(0));
    expect(before).toEqual([FLOOD_BYTES + 1_000, 0]);
  });

  test("is not the last to be over: there is room once more when nothing waits", async () => {
    await using pair = await createSocketPair();
    const writing = new Writing(pair.near, isDirect);

    writing.writer.write(Buffer.alloc(FLOOD_BYTES));
    writing.writer.write(Buffer.alloc(1_000));
    pair.far.resume();

    await eventually(() => expect(writing.writer.bufferedAmount).toBe(0));
    await eventually(() => expect(writing.waitedAtDrain).toBe(0));
  });

  test("is followed by what comes later, by the stream's own writes, and by the end", async () => {
    await using pair = await createSocketPair();
    const { writer } = new Writing(pair.near, isDirect);
    const flood = Buffer.alloc(FLOOD_BYTES, "0123456789");

    writer.write(flood);
    writer.write(Buffer.from("second "));
    pair.near.write("third ");
    writer.write(Buffer.from("fourth"));
    pair.near.end();
    const received = collect(pair.far);
    await once(pair.far, "end");

    const bytes = received();
    expect(bytes.subarray(0, FLOOD_BYTES).equals(flood)).toBe(true);
    expect(bytes.subarray(FLOOD_BYTES).toString()).toBe("second third fourth");
  });

  test("ends the socket with its error when the other end resets the connection", async () => {
    await using pair = await createSocketPair();
    const writing = new Writing(pair.near, isDirect);
    const errors = errorsOf(pair.near);
    writing.writer.write(Buffer.alloc(FLOOD_BYTES));

    pair.far.resetAndDestroy();

    expect(await errors).toEqual([expect.stringMatching(/^Error: (read|write) (ECONNRESET|EPIPE)$/)]);
    expect(writing.drainCount).toBe(0);
  });

  test("is given up without an error when the socket is destroyed", async () => {
    await using pair = await createSocketPair();
    const writing = new Writing(pair.near, isDirect);
    const errors = errorsOf(pair.near);
    writing.writer.write(Buffer.alloc(FLOOD_BYTES));

    pair.near.destroy();
    writing.writer.write(Buffer.from("late"));
    const seen = await errors;
    writing.writer.write(Buffer.from("later"));

    expect([seen, writing.drainCount]).toEqual([[], 0]);
  });
});

describe.each([
  ["below the stream", true],
  ["to the stream", false],
])("a write %s", (_way, isDirect) => {
  test("to a connection that was reset ends the socket with an error", async () => {
    await using pair = await createSocketPair();
    const { writer } = new Writing(pair.near, isDirect);
    const errors = errorsOf(pair.near);
    pair.far.resetAndDestroy();

    // The kernel knows of the reset before the event loop does; later writes meet a socket that is going.
    for (let count = 0; count < 5; count++) writer.write(Buffer.from("x"));

    expect(await errors).toEqual([expect.stringMatching(/^Error: write (ECONNRESET|EPIPE)$/)]);
  });

  test("to a socket that was destroyed does nothing", async () => {
    await using pair = await createSocketPair();
    const { writer } = new Writing(pair.near, isDirect);
    const errors = errorsOf(pair.near);

    pair.near.destroy();
    writer.write(Buffer.from("late"));
    const seen = await errors;
    writer.write(Buffer.from("later"));

    expect(seen).toEqual([]);
  });
});
