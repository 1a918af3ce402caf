import { describe, expect, test } from "vitest";
import { createSignedStreams } from "@hutong/server";
import { readSignedStream } from "../../src/channel/signed-streams.ts";

// Made with `openssl dgst -sha256 -hmac s3cr3t` over the base64 of "chat/2" as JSON.
const CHAT_2 = "ImNoYXQvMiI=--4746d51ead51a33226ac0f4f59623360ab42877c7ee443dbe9a0860a97a8dc6d";

describe("a signed stream", () => {
  const streams = createSignedStreams({ secret: "s3cr3t" });

  test("has the form that Rails and AnyCable give it", async () => {
    expect(await streams.sign("chat/2")).toBe(CHAT_2);
    expect(await streams.verify(CHAT_2)).toBe("chat/2");
  });

  test("holds any text", async () => {
    expect(await streams.verify(await streams.sign("胡同 \"'--"))).toBe("胡同 \"'--");
  });

  test.each([
    ["another secret", createSignedStreams({ secret: "other" }).sign("chat/2")],
    ["another name", Promise.resolve(CHAT_2.replace("ImNoYXQvMiI=", "ImNoYXQvMyI="))],
    ["capital letters", Promise.resolve(CHAT_2.replace("--", "--").toUpperCase())],
    ["a third part", Promise.resolve(`${CHAT_2}--00`)],
    ["nothing", Promise.resolve("")],
  ])("with %s is not ours", async (_name, signed) => {
    expect(await streams.verify(await signed)).toBeUndefined();
  });

  test("needs a secret", () => {
    expect(() => createSignedStreams({ secret: "" })).toThrow("must not be empty");
  });
});

describe("the name that is claimed", () => {
  const signature = "0".repeat(64);

  test.each([
    ["text", "ImNoYXQvMiI=", "chat/2"],
    ["a number", "Nw==", undefined],
    ["no JSON", "eA==", undefined],
    ["no UTF-8", "/w==", undefined],
    ["an impossible length of base64", "A", undefined],
  ])("is read from %s", (_name, encoded, expected) => {
    expect(readSignedStream(`${encoded}--${signature}`)).toBe(expected);
  });
});
