import { describe, expect, test } from "vitest";

import { HOME, parseAddress, readCardLink, readInviteLink, toUrl } from "../../../src/chat/page/address.ts";

const parse = (url: string) => {
  const { pathname, search } = new URL(url, "http://chat.test");
  return parseAddress({ pathname, search });
};

describe("parseAddress", () => {
  test("every address is read back as it was written", () => {
    const addresses = [
      HOME,
      { ...HOME, conversation: "c1", panel: "details", at: 7 },
      { ...HOME, tab: "contacts", page: "user:ada" },
      { ...HOME, invite: "abc-DEF_1" },
      { ...HOME, card: "u1" },
    ] as const;

    expect(addresses.map((address) => parse(toUrl(address)))).toEqual(addresses);
    expect(addresses.map(toUrl)).toEqual([
      "/",
      "/?c=c1&at=7&panel=details",
      "/?tab=contacts&page=user%3Aada",
      "/join/abc-DEF_1",
      "/u/u1",
    ]);
  });

  test("what it does not understand becomes the default", () => {
    expect(parse("/?tab=moon&at=-3&panel=window")).toEqual(HOME);
    expect(parse("/join/a/b?at=x")).toEqual(HOME);
  });
});

describe("pasted links", () => {
  test("cards and invitations are told apart, and from names", () => {
    expect(readCardLink("  https://chat.test/u/ada-1 ")).toBe("ada-1");
    expect(readInviteLink("https://chat.test/join/tok_en")).toBe("tok_en");
    expect([readCardLink("ada"), readInviteLink("https://chat.test/u/ada")]).toEqual([undefined, undefined]);
  });
});
