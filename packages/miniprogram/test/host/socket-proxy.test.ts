import { eventually } from "@hutong/testing";
import { describe, expect, test } from "vitest";
import type { NetworkEntry } from "../../src/host/http-transfers.ts";
import { SocketProxy } from "../../src/host/socket-proxy.ts";
import { ChatServer } from "../support/chat-server.ts";
import { Loopback } from "../support/loopback.ts";

function proxyTo(url: string) {
  const reports: Readonly<Record<string, unknown>>[] = [];
  const log: NetworkEntry[] = [];
  const proxy = new SocketProxy({
    map: new Map([["chat.example", url]]),
    referer: "https://servicewechat.com/wx1/devtools/page-frame.html",
    report: (change) => void reports.push({ ...change }),
    log: (entry) => void log.push(entry),
  });
  const create = (args: object = {}): unknown =>
    proxy.api["createSocket"]?.({ taskId: 1, url: "wss://chat.example/room", ...args });
  const operate = (args: object): unknown => proxy.api["operateSocket"]?.({ taskId: 1, ...args });
  const states = (): readonly unknown[] => reports.map(({ state }) => state);
  return { proxy, reports, log, create, operate, states, [Symbol.dispose]: () => proxy.interrupt() };
}

describe("a socket", () => {
  test.each([
    ...["ws://127.0.0.1/", "wss://2130706433/", "ws://0x7f.1/", "ws://[::1]/", "ws://[::ffff:10.0.0.1]/"],
    ...["ws://localhost./", "ws://169.254.169.254/", "ws://[2002:a00:1::]/"],
  ])("to %s is refused, and the panel lists it", (url) => {
    using sockets = proxyTo("http://127.0.0.1:1");

    expect(() => sockets.create({ url })).toThrow("is a private address");
    expect(sockets.log).toMatchObject([{ kind: "socket", url, isFailure: true }]);
    expect(sockets.reports).toEqual([]);
  });

  test.each(["http://example.com/", "chat.example", ""])("to %j is refused: it is no address of a socket", (url) => {
    using sockets = proxyTo("http://127.0.0.1:1");

    expect(() => sockets.create({ url })).toThrow(/url must start with ws:\/\/ or wss:\/\/|invalid url/);
  });

  test("opens with the headers of the project but those of the handshake", async () => {
    await using chat = await ChatServer.start();
    using sockets = proxyTo(chat.url);

    sockets.create({
      header: { Authorization: "Bearer x", Host: "evil", Referer: "evil", "Sec-WebSocket-Key": "evil", Upgrade: "h2c" },
    });
    await eventually(() => expect(sockets.states()).toEqual(["open"]));

    expect(chat.headers[0]).toMatchObject({
      authorization: "Bearer x",
      host: new URL(chat.url).host,
      referer: "https://servicewechat.com/wx1/devtools/page-frame.html",
      upgrade: "websocket",
    });
    expect(chat.headers[0]?.["sec-websocket-key"]).not.toBe("evil");
  });

  test("gives text as text and bytes as base64, in both directions", async () => {
    await using chat = await ChatServer.start();
    using sockets = proxyTo(chat.url);
    sockets.create();
    await eventually(() => expect(sockets.states()).toEqual(["open"]));

    sockets.operate({ operation: "send", data: '{"content":"中"}' });
    sockets.operate({ operation: "send", data: { base64: Buffer.from('{"content":"b"}').toString("base64") } });
    for (const guest of chat.guests) guest.send(new Uint8Array([1, 2, 3]));
    await eventually(() => expect(sockets.states()).toEqual(["open", "message", "message", "message"]));

    expect(sockets.reports.slice(1).map(({ data }) => data)).toEqual([
      { base64: "AQID" },
      '{"content":"中","text":true,"type":"user"}',
      '{"content":"b","text":true,"type":"user"}',
    ]);
  });

  test.each([
    [4001, "go away", "go away"],
    [1000, "", "normal closure"],
    [4000, "", ""],
  ])("that the server closes with %i %j says why", async (code, reason, expected) => {
    await using chat = await ChatServer.start();
    using sockets = proxyTo(chat.url);
    sockets.create();
    await eventually(() => expect(sockets.states()).toEqual(["open"]));

    for (const guest of chat.guests) guest.close(code, reason);
    await eventually(() => expect(sockets.states()).toEqual(["open", "close"]));

    expect(sockets.reports[1]).toEqual({ taskId: 1, state: "close", code, reason: expected });
    expect(() => sockets.operate({ operation: "send", data: "late" })).toThrow("task not found");
  });

  test("that the server does not take ends with an error, once", async () => {
    await using loopback = await Loopback.start((_, response) => void response.writeHead(403).end());
    using sockets = proxyTo(loopback.url);

    sockets.create();
    await eventually(() => expect(sockets.log).toHaveLength(1));

    expect(sockets.reports).toEqual([{ taskId: 1, state: "error", errMsg: "Unexpected server response: 403" }]);
  });

  test("does not follow a redirect, wherever it leads", async () => {
    await using inside = await ChatServer.start();
    await using outside = await Loopback.start(
      (_, response) => void response.writeHead(302, { location: inside.url }).end(),
    );
    using sockets = proxyTo(outside.url);

    sockets.create();
    await eventually(() => expect(sockets.states()).toEqual(["error"]));

    expect(inside.headers).toEqual([]);
  });

  test("is cut as in the background: 1000 interrupted, and nothing after it", async () => {
    await using chat = await ChatServer.start();
    using sockets = proxyTo(chat.url);
    sockets.create();
    await eventually(() => expect(sockets.states()).toEqual(["open"]));
    sockets.create({ taskId: 2 });

    sockets.proxy.interrupt();
    await eventually(() => expect(chat.guests.size).toBe(0));

    expect(sockets.reports.slice(1)).toEqual([
      { taskId: 1, state: "close", code: 1000, reason: "interrupted" },
      { taskId: 2, state: "close", code: 1000, reason: "interrupted" },
    ]);
  });

  test("that is not open yet takes no text, and an unknown one takes nothing", async () => {
    await using chat = await ChatServer.start();
    using sockets = proxyTo(chat.url);
    sockets.create();

    expect(() => sockets.operate({ operation: "send", data: "early" })).toThrow("not open");
    expect(() => sockets.operate({ taskId: 9, operation: "close" })).toThrow("task not found");
  });

  test.each([0, 999, 1005, 5000])("closing with %i fails: no peer may send it", async (code) => {
    await using chat = await ChatServer.start();
    using sockets = proxyTo(chat.url);
    sockets.create();
    await eventually(() => expect(sockets.states()).toEqual(["open"]));

    expect(() => sockets.operate({ operation: "close", code })).toThrow("valid error code");
  });
});
