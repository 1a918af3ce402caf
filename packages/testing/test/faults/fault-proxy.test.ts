import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { eventually } from "../../src/eventually.ts";
import { type FaultProxy, startFaultProxy } from "../../src/faults/fault-proxy.ts";
import type { FaultRule } from "../../src/faults/fault-rule.ts";

/** A server that sends back what it is sent, and a proxy in front of it. */
interface Echo extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** Connections that reached the server. */
  readonly accepted: Socket[];
  dial(): Promise<Client>;
}

class Client {
  readonly socket: Socket;
  received = "";
  error: string | undefined;
  isEnded = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8").on("data", (text: string) => (this.received += text));
    socket.on("end", () => (this.isEnded = true));
    socket.on("error", (error: NodeJS.ErrnoException) => (this.error = error.code));
  }
}

async function startEcho(...rules: readonly FaultRule[]): Promise<Echo> {
  const accepted: Socket[] = [];
  const server: Server = createServer((socket) => {
    accepted.push(socket);
    socket.on("error", () => {}); // torn on purpose
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy = await startFaultProxy({ targetPort: (server.address() as AddressInfo).port, rules });
  const clients: Client[] = [];
  return {
    proxy,
    accepted,
    dial: async () => {
      const socket = connect(proxy.port, "127.0.0.1");
      const client = new Client(socket);
      clients.push(client);
      // A refused one may be torn before it is seen to open.
      await new Promise<void>((resolve) => socket.once("connect", resolve).once("close", () => resolve()));
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const { socket } of clients) socket.destroy();
      await proxy.close();
      for (const socket of accepted) socket.destroy();
      server.close();
    },
  };
}

describe("a fault proxy", () => {
  test("carries bytes both ways when it has no rules, and says who came", async () => {
    await using echo = await startEcho();
    const client = await echo.dial();

    client.socket.write("hello");
    await eventually(() => client.received === "hello");
    client.socket.end();
    await eventually(() => client.isEnded);

    await eventually(() => expect(echo.proxy.events.map(({ kind }) => kind)).toEqual(["opened", "closed"]));
  });

  test("refuses as many connections as its rule says", async () => {
    await using echo = await startEcho({
      match: ({ kind }) => kind === "connect",
      action: { kind: "refuse" },
      times: 1,
    });
    const refused = await echo.dial();
    await eventually(() => refused.socket.destroyed);
    const client = await echo.dial();

    client.socket.write("hello");
    await eventually(() => client.received === "hello");

    expect(echo.accepted.length).toBe(1);
  });

  test("tears a connection on both sides", async () => {
    await using echo = await startEcho();
    const client = await echo.dial();
    client.socket.write("hello");
    await eventually(() => client.received === "hello");

    echo.proxy.apply({ kind: "cut", how: "rst" });

    await eventually(() => expect(client.error).toBe("ECONNRESET"));
    await eventually(() => echo.accepted[0]?.destroyed === true);
  });

  test("ends a connection politely", async () => {
    await using echo = await startEcho();
    const client = await echo.dial();
    client.socket.write("hello");
    await eventually(() => client.received === "hello");

    echo.proxy.apply({ kind: "cut", how: "fin" });

    await eventually(() => client.isEnded);
    expect(client.error).toBeUndefined();
  });

  test("swallows one direction of a half-open connection and tells nobody", async () => {
    await using echo = await startEcho({
      match: (traffic) => traffic.kind === "bytes" && traffic.direction === "down" && traffic.seenBytes >= 5,
      action: { kind: "half_open", direction: "down" },
      times: 1,
    });
    const client = await echo.dial();
    const other = await echo.dial();
    client.socket.write("hello");
    await eventually(() => client.received === "hello");

    client.socket.write(" again");
    await eventually(() => echo.proxy.events.some(({ kind }) => kind === "half_open"));
    // Its answer takes the same way in the same time.
    other.socket.write("later");
    await eventually(() => other.received === "later");

    expect({ received: client.received, isEnded: client.isEnded }).toEqual({ received: "hello", isEnded: false });
  });

  test("drops what matched and lets through what follows", async () => {
    await using echo = await startEcho({
      match: (traffic) => traffic.kind === "bytes" && traffic.direction === "up",
      action: { kind: "drop" },
      times: 1,
    });
    const client = await echo.dial();

    client.socket.write("first");
    await eventually(() => echo.proxy.events.some(({ kind }) => kind === "drop"));
    client.socket.write("second");

    await eventually(() => expect(client.received).toBe("second"));
  });

  test("holds back a direction and keeps its order", async () => {
    await using echo = await startEcho({
      match: (traffic) => traffic.kind === "bytes" && traffic.direction === "up",
      action: { kind: "delay", ms: 30 },
      times: 1,
    });
    const client = await echo.dial();
    const startedAtMs = performance.now();

    client.socket.write("one ");
    client.socket.write("two");
    await eventually(() => client.received === "one two");

    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(29);
  });

  test("lets through no more than a throttle says", async () => {
    await using echo = await startEcho({
      match: ({ kind }) => kind === "connect",
      action: { kind: "throttle", bytesPerSecond: 10_000 },
    });
    const client = await echo.dial();
    const startedAtMs = performance.now();

    client.socket.write("x".repeat(500));
    await eventually(() => client.received.length === 500);

    // 50 ms up and 50 ms down; a timer may be a millisecond early.
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(98);
  });

  test("is closed once, however often it is asked to", async () => {
    await using echo = await startEcho();
    const client = await echo.dial();

    const closing = echo.proxy.close();

    expect(echo.proxy.close()).toBe(closing);
    await closing;
    await eventually(() => client.socket.destroyed);
  });

  test("decides by its seed where a rule leaves it to chance", async () => {
    const refusals: string[] = [];
    for (let round = 0; round < 2; round++) {
      await using echo = await startEcho({
        match: ({ kind }) => kind === "connect",
        action: { kind: "refuse" },
        probability: 0.5,
      });
      for (let count = 0; count < 12; count++) await echo.dial();
      await eventually(() => echo.proxy.events.filter(({ kind }) => kind === "opened").length === 12);
      const refused = echo.proxy.events.filter(({ kind }) => kind === "refuse");
      refusals.push(refused.map(({ connection }) => connection).join());
    }

    expect(refusals[0]).toBe(refusals[1]);
    expect(refusals[0]).not.toBe("");
  });
});
