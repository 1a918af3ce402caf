import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { createSocket } from "../../src/create-socket.ts";
import type { Socket } from "../../src/socket.ts";

interface Served {
  readonly url: string;
  readonly server: WebSocketServer;
  [Symbol.asyncDispose](): Promise<void>;
}

async function serve(options: { readonly verifyClient?: () => boolean } = {}): Promise<Served> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", ...options, handleProtocols: () => "phoenix" });
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    server,
    url: `http://127.0.0.1:${address.port}/socket`,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reached(socket: Socket, kind: Socket["state"]["kind"]): Promise<Socket["state"]> {
  return new Promise((resolve) => {
    const off = socket.on("state", (state) => {
      if (state.kind !== kind) return;
      off();
      resolve(state);
    });
  });
}

describe("WebSocket transport", () => {
  test("sends version, parameters and token in the handshake", async () => {
    await using served = await serve();
    const connection = once(served.server, "connection");
    await using socket = createSocket(served.url, { webSocket: WebSocket, token: "a?b>ü", params: { lang: "zh" } });

    socket.connect();
    const [, request]: [WebSocket, IncomingMessage] = await connection.then(([webSocket, incoming]) => [
      webSocket,
      incoming,
    ]);

    expect(request.url).toBe("/socket/websocket?lang=zh&vsn=2.0.0%2Bhutong.1");
    const [, token = ""] = request.headers["sec-websocket-protocol"]?.split(/,\s*/) ?? [];
    expect(token).toBe("base64url.bearer.phx.YT9iPsO8");
  });

  test("carries text and bytes both ways and closes", async () => {
    await using served = await serve();
    served.server.on("connection", (webSocket) => {
      webSocket.on("message", (data: Buffer, isBinary) => {
        if (!isBinary) {
          const [joinRef, ref, topic] = JSON.parse(data.toString("utf8"));
          return webSocket.send(JSON.stringify([joinRef, ref, topic, "phx_reply", { status: "ok", response: {} }]));
        }
        const reply = Buffer.concat([Buffer.from([1, 1, 1, 6, 2]), Buffer.from("12room:aok"), data.subarray(-3)]);
        webSocket.send(reply);
      });
    });
    const socket = createSocket(served.url, { webSocket: WebSocket, transports: ["websocket"] });
    socket.connect();
    const channel = socket.channel("room:a");

    await channel.join();
    const response = await channel.push("bin", new Uint8Array([7, 8, 9]));
    await socket.close();

    expect(response).toEqual(new Uint8Array([7, 8, 9]));
    expect(socket.state).toEqual({ kind: "closed", code: 1000, reason: "" });
  });

  test("a refused handshake is followed by a wait", async () => {
    await using served = await serve({ verifyClient: () => false });
    await using socket = createSocket(served.url, { webSocket: WebSocket, transports: ["websocket"] });
    const waiting = reached(socket, "waiting");

    socket.connect();

    expect(await waiting).toMatchObject({ attempt: 2, reason: "closed with 1006" });
  });

  test("a terminal close of the server is reported", async () => {
    await using served = await serve();
    served.server.on("connection", (webSocket) => webSocket.close(4503, "kicked"));
    await using socket = createSocket(served.url, { webSocket: WebSocket });
    const closed = reached(socket, "closed");

    socket.connect();

    expect(await closed).toEqual({ kind: "closed", code: 4503, reason: "kicked" });
  });
});
