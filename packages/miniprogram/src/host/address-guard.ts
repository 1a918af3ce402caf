import { lookup as resolveName } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { HostFailure } from "./host-failure.ts";

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ...([
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
  ] as const),
  ...([
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["224.0.0.0", 3],
  ] as const),
]) {
  PRIVATE.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  // Beside the networks of IPv6 itself stand those that carry an IPv4 address inside: whoever forwards them may be near.
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["100::", 64],
  ["2001::", 32],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv6");
}

/** Tells whether an address belongs to the machine or its own network. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return PRIVATE.check(address, "ipv4");
  if (version !== 6) return false;
  const mapped = mappedIpv4(address);
  return mapped === undefined ? PRIVATE.check(address, "ipv6") : PRIVATE.check(mapped, "ipv4");
}

/** `::ffff:127.0.0.1` and `::ffff:7f00:1` are IPv4 addresses in another dress. */
function mappedIpv4(address: string): string | undefined {
  const tail = /^::ffff:(.+)$/i.exec(address)?.[1];
  if (tail === undefined) return undefined;
  if (isIP(tail) === 4) return tail;
  const [high = 0, low = 0] = tail.split(":").map((part) => Number.parseInt(part, 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Hosts that the person who runs the runner named, and where they lead: `"example.com"` → `"http://127.0.0.1:4000"`. */
export type HostMap = ReadonlyMap<string, string>;

/** Where a request goes. */
export interface Target {
  readonly url: URL;
  /** Refuses private addresses when a name is resolved; `undefined` for hosts of the map. */
  readonly lookup: LookupFunction | undefined;
}

/**
 * Decides where a request of a mini-program may go. Hosts of the map lead where the map says; others may be
 * anywhere but in the machine or its own network.
 *
 * @throws {HostFailure} with the reason.
 */
export function targetOf(address: string, map: HostMap, schemes: readonly string[]): Target {
  const url = parse(address);
  if (!schemes.includes(url.protocol)) throw new HostFailure(`url must start with ${schemes.join("// or ")}//`);
  const mapped = map.get(url.host) ?? map.get(url.hostname);
  if (mapped !== undefined) return { url: moveTo(url, mapped), lookup: undefined };
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (isPrivateAddress(host) || /(^|\.)localhost\.?$/.test(host)) throw refusal(url.host, host);
  return { url, lookup: guardedLookup(url.host) };
}

function parse(address: string): URL {
  try {
    return new URL(address);
  } catch {
    throw new HostFailure(`invalid url "${address.slice(0, 80)}"`);
  }
}

function moveTo(url: URL, base: string): URL {
  const target = new URL(base);
  const isSocket = url.protocol.startsWith("ws");
  const isSecure = target.protocol === "https:" || target.protocol === "wss:";
  const scheme = `${isSocket ? "ws" : "http"}${isSecure ? "s" : ""}:`;
  return new URL(`${scheme}//${target.host}${url.pathname}${url.search}`);
}

function refusal(host: string, address: string): HostFailure {
  return new HostFailure(
    `url not in domain list: ${address} is a private address; map ${host} to a server with --map ${host}=<url>`,
  );
}

/** The check runs on the addresses that the connection uses, so a name cannot change its mind in between. */
function guardedLookup(host: string): LookupFunction {
  return (name, options, done) => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const inner = addresses.find(({ address }) => isPrivateAddress(address));
      if (inner !== undefined) return done(refusal(host, inner.address), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}
