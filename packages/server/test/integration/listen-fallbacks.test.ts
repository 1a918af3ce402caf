import { once } from "node:events";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { createServer, defineChannel, accept } from "../../src/index.ts";
import { listen } from "../../src/node/index.ts";

const room = defineChannel("room:*", { join: () => accept() });
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

test("requests and upgrades that are for no mount go to the fallbacks, and those of mounts do not", async () => {
  const seen: string[] = [];
  await using listener = await listen(createServer({ channels: [room] }), {
    port: 0,
    fallback: (request, response) => {
      seen.push(`request ${request.url}`);
      response.end("mine");
    },
    upgradeFallback: (request, socket) => {
      seen.push(`upgrade ${request.url}`);
      if (request.url !== "/bus") return false;
      const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${GUID}`).digest("base64");
      socket.end(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      return true;
    },
  });
  const address = listener.url.replace("http", "ws");

  expect(await (await fetch(`${listener.url}/page`)).text()).toBe("mine");
  const taken = new WebSocket(`${address}/bus`);
  await once(taken, "open");
  const left = new WebSocket(`${address}/nowhere`);
  const [error] = await once(left, "error");
  const mounted = new WebSocket(`${address}/socket/websocket?vsn=2.0.0`);
  await once(mounted, "open");

  expect(String(error)).toContain("404");
  expect(seen).toEqual(["request /page", "upgrade /bus", "upgrade /nowhere"]);
  for (const webSocket of [taken, mounted]) webSocket.terminate();
});

test("a request that takes longer than its time is ended", async () => {
  await using listener = await listen(createServer({ channels: [room] }), {
    port: 0,
    requestTimeoutMs: 500,
    fallback: (request, response) => void request.resume().once("end", () => response.end()),
  });
  const socket = connect(listener.port, "127.0.0.1");
  socket.setEncoding("utf8");
  socket.write("POST /upload HTTP/1.1\r\nHost: example.com\r\nContent-Length: 10\r\n\r\nhalf");
  const [answer] = await once(socket, "data");
  expect(String(answer)).toContain("408 Request Timeout");
  socket.destroy();
});
