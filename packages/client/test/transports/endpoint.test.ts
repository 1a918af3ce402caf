import { describe, expect, test } from "vitest";
import { parseEndpoint } from "../../src/transports/endpoint.ts";

describe("parseEndpoint", () => {
  test.each([
    [
      "http://example.com/socket",
      "ws://example.com/socket/websocket?vsn=2",
      "http://example.com/socket/longpoll?vsn=2",
    ],
    [
      "https://example.com/socket/",
      "wss://example.com/socket/websocket?vsn=2",
      "https://example.com/socket/longpoll?vsn=2",
    ],
    [
      "ws://example.com:4000/a/b?x=1",
      "ws://example.com:4000/a/b/websocket?x=1&vsn=2",
      "http://example.com:4000/a/b/longpoll?x=1&vsn=2",
    ],
    ["wss://example.com", "wss://example.com/websocket?vsn=2", "https://example.com/longpoll?vsn=2"],
  ])("%s", (address, webSocket, longPoll) => {
    const endpoint = parseEndpoint(address);

    expect(endpoint.url("ws", "websocket", { vsn: "2" })).toBe(webSocket);
    expect(endpoint.url("http", "longpoll", { vsn: "2" })).toBe(longPoll);
  });

  test("encodes the plus of the version", () => {
    expect(parseEndpoint("ws://example.com/s").url("ws", "websocket", { vsn: "2.0.0+hutong.1" })).toBe(
      "ws://example.com/s/websocket?vsn=2.0.0%2Bhutong.1",
    );
  });

  test.each(["/socket", "ftp://example.com/socket"])("%s cannot be used here", (address) => {
    expect(() => parseEndpoint(address)).toThrow(TypeError);
  });
});
