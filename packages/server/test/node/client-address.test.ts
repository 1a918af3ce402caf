import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { createAddressOf } from "../../src/node/client-address.ts";

/** A request as Node hands it over, from this end of a TCP connection. */
function request(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, "remoteAddress", { value: remoteAddress });
  const incoming = new IncomingMessage(socket);
  if (forwarded !== undefined) incoming.headers["x-forwarded-for"] = forwarded;
  return incoming;
}

describe("the client's address", () => {
  test.each<readonly [string, readonly string[], string | undefined, string | undefined, string]>([
    ["the other end of the connection", [], "203.0.113.7", undefined, "203.0.113.7"],
    ["not what a client without a trusted proxy claims", [], "203.0.113.7", "198.51.100.1", "203.0.113.7"],
    ["what a trusted proxy was called from", ["10.0.0.0/8"], "10.1.2.3", "203.0.113.7", "203.0.113.7"],
    ["not what the client told the proxy", ["10.0.0.0/8"], "10.1.2.3", "1.1.1.1, 203.0.113.7", "203.0.113.7"],
    [
      "found behind several trusted proxies",
      ["10.0.0.0/8"],
      "10.1.2.3",
      "1.1.1.1, 203.0.113.7, 10.9.9.9",
      "203.0.113.7",
    ],
    ["that of the proxy when it says nothing", ["10.0.0.0/8"], "10.1.2.3", undefined, "10.1.2.3"],
    ["that of the proxy when it says nonsense", ["10.0.0.0/8"], "10.1.2.3", "203.0.113.7, unknown", "10.1.2.3"],
    ["the first hop when all are trusted", ["10.0.0.0/8"], "10.1.2.3", "10.4.4.4, 10.5.5.5", "10.4.4.4"],
    ["an IPv4 address over an IPv6 socket", ["10.1.2.3"], "::ffff:10.1.2.3", "::ffff:203.0.113.7", "203.0.113.7"],
    ["an IPv6 address", ["fd00::/8"], "fd00::1", "2001:db8::7", "2001:db8::7"],
    ["empty when the connection is gone", ["10.0.0.0/8"], undefined, "203.0.113.7", ""],
  ])("is %s", (_what, proxies, remoteAddress, forwarded, address) => {
    expect(createAddressOf(proxies)(request(remoteAddress, forwarded))).toBe(address);
  });

  test.each([
    "proxy.example",
    "10.0.0.0/33",
    "10.0.0.0/x",
    "10.0.0.0/-1",
    "10.0.0.0/",
    "10.0.0.0/ ",
    "10.0.0.0/8.0",
    "10.0.0.0/1e1",
    "10.0.0.0/0x8",
    "10.0.0.0/8/9",
    "/8",
    "fd00::/129",
    "",
  ])("cannot be found with the trusted proxy %j", (proxy) => {
    expect(() => createAddressOf([proxy])).toThrow(
      new RangeError(`trusted proxy "${proxy}" is no address and no network; expected 10.0.0.1 or 10.0.0.0/8`),
    );
  });

  test.each([
    ["10.0.0.0/0", "203.0.113.7"],
    ["10.1.2.3/32", "10.1.2.3"],
    ["::/0", "2001:db8::7"],
  ])("is looked for behind the whole network %s", (proxy, proxyAddress) => {
    expect(createAddressOf([proxy])(request(proxyAddress, "198.51.100.1, unknown, 198.51.100.2"))).toBe("198.51.100.2");
  });
});
