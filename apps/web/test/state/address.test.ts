import { describe, expect, test } from "vitest";

import { parseAddress, parseTokenFragment, toSearch } from "../../src/state/address.ts";

describe("parseAddress", () => {
  test("an empty query is the lobby with our own client", () => {
    expect(parseAddress("")).toEqual({ view: "page", client: "hutong", room: "lobby", name: undefined });
  });

  test("everything can be chosen", () => {
    expect(parseAddress("?view=embedded&client=action_cable&room=secret&name=Ada")).toEqual({
      view: "embedded",
      client: "action_cable",
      room: "secret",
      name: "Ada",
    });
  });

  test("what it does not understand becomes the default", () => {
    expect(parseAddress("?view=other&client=netscape&room=&name=%20")).toEqual({
      view: "page",
      client: "hutong",
      room: "lobby",
      name: undefined,
    });
  });
});

describe("toSearch", () => {
  test("defaults stay out of the address", () => {
    expect(toSearch({ view: "page", client: "hutong", room: "lobby", name: undefined })).toBe("");
  });

  test("what was chosen comes back", () => {
    const address = { view: "trio", client: "phoenix", room: "secret", name: "小北" } as const;

    expect(parseAddress(toSearch(address))).toEqual(address);
  });
});

describe("parseTokenFragment", () => {
  test("a token is read from the fragment", () => {
    expect(parseTokenFragment("#token=abc.def-1_2")).toBe("abc.def-1_2");
  });

  test("another fragment holds no token", () => {
    expect(parseTokenFragment("#messages")).toBeUndefined();
    expect(parseTokenFragment("#token=")).toBeUndefined();
    expect(parseTokenFragment("")).toBeUndefined();
  });
});
