/**
 * The part of an address that a rate counts by. One household has 2^64 addresses of the sixth version, so of those it is the
 * network, the first 64 bits; an address of the fourth version counts whole, also where it is written as one of the sixth.
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = "", tail = ""] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const tailGroups = tail === "" ? [] : tail.split(":");
  if (address.includes("::")) while (groups.length + tailGroups.length < 8) groups.push("0");
  return [...groups, ...tailGroups]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
