import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/wechat/address.ts";

describe("parseAddress", () => {
  test.each([
    ["wss://example.com", "wss://example.com/websocket?vsn=2.0.0%2Bhutong.1"],
    ["wss://example.com/socket/", "wss://example.com/socket/websocket?vsn=2.0.0%2Bhutong.1"],
    ["WSS://example.com:8443/a//", "WSS://example.com:8443/a/websocket?vsn=2.0.0%2Bhutong.1"],
    ["ws://192.168.1.2:4000/socket?x=1&y", "ws://192.168.1.2:4000/socket/websocket?x=1&y&vsn=2.0.0%2Bhutong.1"],
    ["wss://example.com/s?vsn=1&%76sn=1&%zz=1", "wss://example.com/s/websocket?%zz=1&vsn=2.0.0%2Bhutong.1"],
  ])("%s", (address, url) => {
    expect(parseAddress(address)({ vsn: "2.0.0+hutong.1" })).toBe(url);
  });

  test("encodes names and values", () => {
    expect(parseAddress("wss://example.com/s")({ "a b": "熊猫&=" })).toBe(
      "wss://example.com/s/websocket?a%20b=%E7%86%8A%E7%8C%AB%26%3D",
    );
  });

  test.each([
    "/socket",
    "https://example.com/socket",
    "wss://",
    "wss:///socket",
    "example.com",
    "wss://a b/c",
    "wss://a/#b",
  ])("%s cannot be used in a mini-program", (address) => {
    expect(() => parseAddress(address)).toThrow(
      new TypeError(`socket address is "${address}"; a mini-program needs one like wss://example.com/socket`),
    );
  });
});
