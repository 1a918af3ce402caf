import { describe, expect, test } from "vitest";
import { isPrivateAddress, type Target, targetOf } from "../../src/host/address-guard.ts";

const HTTP = ["http:", "https:"];
const NOWHERE = new Map<string, string>();

function resolved(target: Target, name: string): Promise<unknown> {
  return new Promise((resolve) => {
    target.lookup?.(name, { all: true }, (error, addresses) => resolve(error?.message ?? addresses));
  });
}

describe("isPrivateAddress", () => {
  test.each([
    ...["127.255.255.255", "10.255.0.1", "172.16.0.1", "192.168.255.255", "100.127.255.255", "198.19.0.1"],
    ...["192.0.0.8", "169.254.169.254", "239.1.1.1", "255.255.255.255"],
    ...["::", "::1", "::1%lo", "fe80::1%1", "febf::1", "fdff::1", "fec0::1", "ff02::1", "100::1"],
    ...["0:0:0:0:0:ffff:127.0.0.1", "::FFFF:7f00:1", "::ffff:0:7f00:1", "::127.0.0.1", "::a00:1"],
    ...["64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::"],
  ])("%s belongs to the machine or its network, or carries an address that may", (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each([
    ...["172.15.255.255", "172.32.0.0", "192.167.255.255", "11.0.0.0", "100.128.0.0", "126.255.255.255"],
    ...["::ffff:8.8.8.8", "2606:4700::1", "2001:4860:4860::8888", "fb00::1"],
    ...["", "localhost", "127.0.0", "not an address"],
  ])("%s does not", (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe("targetOf", () => {
  test.each([
    ...["http://127.1/", "http://0x7f.1/", "http://0x7F000001/", "http://2130706433/", "http://017700000001/"],
    ...[
      "http://0177.0.0.01/",
      "http://127.0.0.1./",
      "http://127.0.0.1:80/",
      "http://user:pass@127.0.0.1/",
      "http://0/",
    ],
    ...["http:127.0.0.1", "http:\\\\127.0.0.1\\", " http://127.0.0.1", "http://①②⑦.0.0.1/", "http://127。0。0。1/"],
    ...[
      "http://127%2e0%2e0%2e1/",
      "http://1\t27.0.0.1/",
      "HTTP://LOCALHOST/",
      "http://localhost./",
      "http://a.localhost/",
    ],
    ...["http://loca\u00adlhost/", "http://[::]/", "http://[0:0::1]/", "http://[::ffff:0:0]/", "http://[::127.0.0.1]/"],
  ])("%j is refused without a question to anybody", (address) => {
    expect(() => targetOf(address, NOWHERE, HTTP)).toThrow(/is a private address; map .+ to a server with --map/);
  });

  test.each([
    ...["ftp://example.com/", "file:///etc/passwd", "data:text/plain,x", "javascript:1", "ws://example.com/"],
  ])("%s has a scheme that a request must not have", (address) => {
    expect(() => targetOf(address, NOWHERE, HTTP)).toThrow("url must start with http:// or https://");
  });

  test.each(["", "example.com", "/relative", "http://", "http://[::1", "http://[fe80::1%25lo]/", "http://256.0.0.1/"])(
    "%j is no address",
    (address) => {
      expect(() => targetOf(address, NOWHERE, HTTP)).toThrow("invalid url");
    },
  );

  test("the reason repeats no more than the start of an address", () => {
    expect(() => targetOf(`?${"x".repeat(500)}`, NOWHERE, HTTP)).toThrow(`invalid url "?${"x".repeat(79)}"`);
  });

  test("a name that resolves to the machine is refused when the connection asks for its address", async () => {
    const target = targetOf("http://example.com/", NOWHERE, HTTP);

    expect(await resolved(target, "localhost")).toMatch(
      /^url not in domain list: (127\.0\.0\.1|::1) is a private address; map example\.com to a server/,
    );
  });

  test("a name that does not resolve says so", async () => {
    const target = targetOf("http://example.com/", NOWHERE, HTTP);

    expect(await resolved(target, "no.such.name.invalid")).toContain("no.such.name.invalid");
  });

  test("a host of the map may be near, by its name and by its name with a port, the port first", () => {
    const map = new Map([
      ["a.example", "http://127.0.0.1:1"],
      ["a.example:8080", "https://127.0.0.1:2"],
    ]);

    const targets = ["https://A.example/x?y#z", "http://a.example:8080/", "http://a.example:81/"].map((address) =>
      targetOf(address, map, HTTP),
    );

    expect(targets.map(({ url, lookup }) => [url.href, lookup])).toEqual([
      ["http://127.0.0.1:1/x?y", undefined],
      ["https://127.0.0.1:2/", undefined],
      ["http://127.0.0.1:1/", undefined],
    ]);
  });

  test.each(["http://a.example.evil.invalid/", "http://xa.example/", "http://evil.invalid/a.example"])(
    "%s is not a host of the map",
    (address) => {
      const target = targetOf(address, new Map([["a.example", "http://127.0.0.1:1"]]), HTTP);

      expect([target.url.href, typeof target.lookup]).toEqual([address, "function"]);
    },
  );

  test("credentials of an address do not follow to the host of the map", () => {
    const map = new Map([["a.example", "http://127.0.0.1:1"]]);

    expect(targetOf("http://user:pass@a.example/x", map, HTTP).url.href).toBe("http://127.0.0.1:1/x");
  });
});
