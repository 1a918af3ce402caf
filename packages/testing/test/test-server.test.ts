import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { accept, createServer, defineChannel, reply } from "@hutong/server";
import { actionCableAt } from "@hutong/server/node";
import {
  CableClient,
  connectLoopback,
  FakeClock,
  overWebSocket,
  PhoenixClient,
  startTestServer,
} from "@hutong/testing";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";

const ROOM = defineChannel("room:*", {
  cable: { name: "RoomChannel", topic: ({ id }) => `room:${String(id)}` },
  join: () => accept(),
  handle: {
    add: (payload, channel) => {
      channel.broadcast("added", payload);
      return reply({ id: 1 });
    },
  },
});

describe("startTestServer", () => {
  test("listens on a free port and answers a Phoenix client", async () => {
    await using server = await startTestServer({ channels: [ROOM] });
    const webSocket = new WebSocket(server.webSocketUrl("/socket/websocket?vsn=2.0.0"));
    const client = await overWebSocket(webSocket, (link) => new PhoenixClient(link));

    const joinRef = client.join("room:1");
    const joined = await client.reply(joinRef);
    const ref = client.push("room:1", "add", Uint8Array.of(1, 2));
    const broadcast = await client.next(([, , , event]) => event === "added");
    const answer = await client.reply(ref);

    expect(joined).toEqual(["1", "1", "room:1", "phx_reply", { status: "ok", response: {} }]);
    expect(broadcast).toEqual([null, null, "room:1", "added", Uint8Array.of(1, 2)]);
    expect(answer).toEqual(["1", "2", "room:1", "phx_reply", { status: "ok", response: { id: 1 } }]);
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  test("answers an Action Cable client where its mounts say", async () => {
    await using server = await startTestServer({ channels: [ROOM], mounts: [actionCableAt("/live")] });
    const webSocket = new WebSocket(server.webSocketUrl("/live"), ["actioncable-v1-json"]);
    const client = await overWebSocket(webSocket, (link) => new CableClient(link));

    const identifier = client.subscribe("RoomChannel", { id: 1 });
    const confirmation = await client.next((message) => JSON.stringify(message).includes("confirm_subscription"));

    expect(confirmation).toEqual({ identifier, type: "confirm_subscription" });
    expect(server.recorder.of("connection_opened")).toMatchObject([
      { path: "/live", wireProtocol: "actioncable-v1-json" },
    ]);
  });

  test("gives other requests to the fallback", async () => {
    await using server = await startTestServer({
      channels: [],
      fallback: (_request, response) => void response.writeHead(418).end("a teapot"),
    });

    const response = await fetch(`${server.url}/tea`);

    expect([response.status, await response.text()]).toEqual([418, "a teapot"]);
  });

  test("closes its clients and stops listening", async () => {
    const server = await startTestServer({ channels: [ROOM] });
    const webSocket = new WebSocket(server.webSocketUrl("/socket/websocket?vsn=2.0.0"));
    const client = await overWebSocket(webSocket, (link) => new PhoenixClient(link));

    await server.close();

    expect(await client.closed).toEqual({ code: 1012, reason: "drained" });
    await expect(fetch(server.url)).rejects.toThrow(TypeError);
  });

  test("reports to the listener of the options, too", async () => {
    const kinds: string[] = [];
    await using server = await startTestServer({ channels: [ROOM], telemetry: ({ kind }) => kinds.push(kind) });

    await fetch(`${server.url}/socket/websocket?vsn=9`);

    expect(kinds).toEqual(["connection_refused"]);
    expect(server.recorder.of("connection_refused")).toMatchObject([{ why: "version", status: 403 }]);
  });
});

describe("overWebSocket", () => {
  test("rejects when the WebSocket closes before it is open", async () => {
    const http = createHttpServer();
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    http.on("upgrade", (_request, socket) => socket.destroy());
    const { port } = http.address() as AddressInfo; // a TCP server that listens has an address

    const client = overWebSocket(new WebSocket(`ws://127.0.0.1:${port}`), (link) => new PhoenixClient(link));

    await expect(client).rejects.toThrow("the WebSocket closed with 1006 before it was open");
    http.close();
  });
});

describe("connectLoopback", () => {
  test("refuses a version that the grammar does not know", () => {
    const server = createServer({ channels: [], clock: new FakeClock() });

    expect(() => connectLoopback(server, { vsn: "9.0.0" })).toThrow("phoenix refuses the offer: version");
  });

  test("closes the connection when the client closes", async () => {
    await using server = createServer({ channels: [], clock: new FakeClock() });
    await server.start();
    const client = connectLoopback(server);

    client.close();

    expect(server.stats().connections).toBe(0);
    expect(client.closedWith).toEqual({ code: 1000, reason: "" });
  });
});
