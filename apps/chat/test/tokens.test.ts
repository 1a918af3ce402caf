import { FakeClock } from "@hutong/testing";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createTokens } from "../src/tokens.ts";

const SECRET = new TextEncoder().encode("0123456789abcdef0123456789abcdef");
const OTHER_SECRET = new TextEncoder().encode("another secret of thirty-two bytes");

/** A token of any claims, signed with the chat's secret. */
function signed(claims: Record<string, unknown>, issuer = "hutong"): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).setIssuer(issuer).sign(SECRET);
}

describe("tokens", () => {
  test("a token that was issued names its holder", async () => {
    const tokens = createTokens(SECRET);

    const token = await tokens.issue({ name: "Ada" }, 24);

    expect(await tokens.check(token)).toEqual({ kind: "valid", holder: { name: "Ada" } });
  });

  test("a token for rooms names its rooms", async () => {
    const tokens = createTokens(SECRET);

    const token = await tokens.issue({ name: "胡同", rooms: ["den", "loft"] }, 0.5);

    expect(await tokens.check(token)).toEqual({ kind: "valid", holder: { name: "胡同", rooms: ["den", "loft"] } });
  });

  test("a token lasts for its hours", async () => {
    const token = await createTokens(SECRET).issue({ name: "Ada" }, 2);

    const [, claims = ""] = token.split(".");
    const { iat, exp } = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
    expect(exp - iat).toBe(7_200);
  });

  test("a token whose hours are over is expired", async () => {
    const clock = new FakeClock();
    const tokens = createTokens(SECRET, clock);
    const token = await tokens.issue({ name: "Ada" }, 2);

    expect(await tokens.check(token)).toEqual({ kind: "valid", holder: { name: "Ada" } });
    await clock.advance(2 * 3_600_000 + 6_000);

    expect(await tokens.check(token)).toEqual({ kind: "token_expired" });
  });

  test("a token of another secret is invalid", async () => {
    const token = await createTokens(OTHER_SECRET).issue({ name: "Ada" }, 24);

    expect(await createTokens(SECRET).check(token)).toEqual({ kind: "token_invalid" });
  });

  test("a tampered token is invalid", async () => {
    const tokens = createTokens(SECRET);
    const [header, , signature] = (await tokens.issue({ name: "Ada", rooms: ["den"] }, 24)).split(".");
    const [, claims] = (await tokens.issue({ name: "Ada" }, 24)).split(".");

    expect(await tokens.check(`${header}.${claims}.${signature}`)).toEqual({ kind: "token_invalid" });
  });

  test("a token of another issuer is invalid", async () => {
    expect(await createTokens(SECRET).check(await signed({ name: "Ada" }, "other"))).toEqual({ kind: "token_invalid" });
  });

  test.each<[string, Record<string, unknown>]>([
    ["no name", {}],
    ["an empty name", { name: "" }],
    ["a name of 31 characters", { name: "x".repeat(31) }],
    ["a name that is no text", { name: 7 }],
    ["rooms that are no list", { name: "Ada", rooms: "den" }],
    ["rooms that are no texts", { name: "Ada", rooms: [1] }],
  ])("a signed token with %s is invalid", async (_name, claims) => {
    expect(await createTokens(SECRET).check(await signed(claims))).toEqual({ kind: "token_invalid" });
  });

  test.each(["", "token", "a.b.c"])("the text %j is invalid", async (text) => {
    expect(await createTokens(SECRET).check(text)).toEqual({ kind: "token_invalid" });
  });
});
