import { describe, expect, test } from "vitest";
import { readWaferCredentials, type WaferCredentials, type WaferRequest } from "../../src/wafer/session.ts";

type Parameters = Record<string, string>;

function read(headers: Parameters, query: Parameters = {}): WaferCredentials {
  return readWaferCredentials({ headers: Object.entries(headers), query: new URLSearchParams(query) });
}

const LOGIN = { "X-WX-Code": "code", "X-WX-Encrypted-Data": "data+/=", "X-WX-IV": "iv==" };

describe("readWaferCredentials", () => {
  test("reads a login with user data", () => {
    expect(read(LOGIN)).toEqual({ kind: "login", code: "code", userData: { encryptedData: "data+/=", iv: "iv==" } });
  });

  test("reads a login by the code alone", () => {
    expect(read({ "X-WX-Code": "code" })).toEqual({ kind: "login", code: "code", userData: undefined });
  });

  test("reads a session of version 1 and one of version 2", () => {
    expect(read({ "X-WX-Id": "id", "X-WX-Skey": "skey" })).toEqual({ kind: "session", id: "id", skey: "skey" });
    expect(read({ "X-WX-Skey": "skey" })).toEqual({ kind: "session", id: undefined, skey: "skey" });
  });

  test("looks names up in any case, in the headers and then in the query", () => {
    const session = { kind: "session", id: "id", skey: "skey" };

    expect(read({ "x-wx-id": "id", "X-Wx-SKEY": "skey" })).toEqual(session);
    expect(read({}, { "X-WX-Id": "id", "X-WX-Skey": "skey" })).toEqual(session);
    expect(read({}, { "x-wx-id": "id", "x-wx-skey": "skey" })).toEqual(session);
    expect(read({ "x-wx-skey": "skey" }, { "X-WX-Id": "id", "X-WX-Skey": "other" })).toEqual(session);
    expect(read({ "X-WX-Id": "" }, { "X-WX-Id": "id", "X-WX-Skey": "skey" })).toEqual(session);
  });

  test("takes the objects of the platform", () => {
    const request: WaferRequest = {
      headers: new Headers({ "X-WX-Skey": "skey" }),
      query: new URL("wss://example.com/ws?X-WX-Id=i%2Bd").searchParams,
    };

    expect(readWaferCredentials(request)).toEqual({ kind: "session", id: "i+d", skey: "skey" });
  });

  test("takes a request with a code for a login, whatever session it still has", () => {
    expect(read({ ...LOGIN, "X-WX-Id": "id", "X-WX-Skey": "skey" }).kind).toBe("login");
  });

  test.each<[string, Parameters]>([
    ["nothing", {}],
    ["empty values", { "X-WX-Code": "", "X-WX-Skey": "" }],
    ["an id without a skey", { "X-WX-Id": "id" }],
    ["user data without a code", { "X-WX-Encrypted-Data": "data", "X-WX-IV": "iv" }],
  ])("finds no credentials in %s", (_name, headers) => {
    expect(read(headers)).toEqual({ kind: "none" });
  });

  test.each<[string, Parameters, string]>([
    ["a code", { "X-WX-Code": "x".repeat(257) }, "X-WX-Code is longer than 256 characters"],
    ["user data", { ...LOGIN, "X-WX-IV": "" }, "X-WX-Encrypted-Data and X-WX-IV come together or not at all"],
    ["an id", { "X-WX-Id": "x".repeat(257), "X-WX-Skey": "skey" }, "X-WX-Id is longer than 256 characters"],
    ["a skey", { "X-WX-Skey": "x".repeat(257) }, "X-WX-Skey is longer than 256 characters"],
    [
      "ciphertext",
      { ...LOGIN, "X-WX-Encrypted-Data": "x".repeat(8_193) },
      "X-WX-Encrypted-Data is longer than 8192 characters",
    ],
  ])("refuses %s that no client sends", (_name, headers, message) => {
    expect(read(headers)).toEqual({ kind: "malformed", message });
  });

  test("is not misled by names of the language", () => {
    expect(read({ __proto__x: "1", constructor: "2" }, { toString: "3" })).toEqual({ kind: "none" });
  });
});
