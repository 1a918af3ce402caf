import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Finds the address of the client that sent a request; empty when the connection is gone already. */
export type AddressOf = (request: IncomingMessage) => string;

/** An address; of a network also the length of its prefix. */
const PROXY = /^([^/]+)(?:\/(\d{1,3}))?$/;

/** Longest list of addresses that is looked at. */
const MAX_HOPS = 32;

/**
 * Makes the function that finds a client's address behind proxies. Every proxy appends the address that it was called
 * from to `X-Forwarded-For`, so the list is read from its end, and only as long as a trusted proxy vouches for it:
 * what a client wrote into the header itself is never believed.
 *
 * @throws {RangeError} when an entry is no address and no network.
 */
export function createAddressOf(trustedProxies: readonly string[]): AddressOf {
  // A look into an empty list would cost a twentieth of a handshake.
  if (trustedProxies.length === 0) return ({ socket }) => plain(socket.remoteAddress ?? "");
  const trusted = new BlockList();
  for (const proxy of trustedProxies) add(trusted, proxy);
  return ({ headers, socket }) => {
    let address = plain(socket.remoteAddress ?? "");
    const forwarded = headers["x-forwarded-for"];
    const hops = (Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "")).split(",").slice(-MAX_HOPS);
    while (isTrusted(trusted, address)) {
      const hop = plain(hops.pop()?.trim() ?? "");
      if (isIP(hop) === 0) return address;
      address = hop;
    }
    return address;
  };
}

function add(trusted: BlockList, proxy: string): void {
  const [, address = "", prefix] = PROXY.exec(proxy) ?? [];
  const family = isIP(address);
  const maxLength = family === 4 ? 32 : 128;
  const length = prefix === undefined ? maxLength : Number(prefix);
  if (family === 0 || length > maxLength)
    throw new RangeError(
      `trusted proxy "${proxy.slice(0, 80)}" is no address and no network; expected 10.0.0.1 or 10.0.0.0/8`,
    );
  trusted.addSubnet(address, length, family === 4 ? "ipv4" : "ipv6");
}

function isTrusted(trusted: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 4 ? "ipv4" : "ipv6");
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
function plain(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
