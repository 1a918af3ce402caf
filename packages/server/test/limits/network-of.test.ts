import { expect, test } from "vitest";
import { networkOf } from "../../src/limits/network-of.ts";

test.each([
  ["2001:db8:0:1::1", "2001:db8:0:1"],
  ["2001:db8:0:1:ffff::2", "2001:db8:0:1"],
  ["2001:DB8::1", "2001:db8:0:0"],
  ["2001:0db8:0:0:1::", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["fe80::1%eth0", "fe80:0:0:0"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["192.0.2.1", "192.0.2.1"],
  ["", ""],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
