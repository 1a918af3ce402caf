import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createJwtVerifier, type JwtVerifier } from "../src/index.ts";
import { createRsa, forge, FUTURE_S, hmac, PAST_S, privateKey, SECRET, startRecordingServer } from "./support.ts";

const HS256 = { alg: "HS256" };

function withSecret(): JwtVerifier {
  return createJwtVerifier({ key: { kind: "secret", secret: SECRET } });
}

describe("a verifier with a secret", () => {
  test("gives the claims of a token that is signed with it", async () => {
    const token = forge(HS256, { sub: "ada", exp: FUTURE_S, rooms: ["den"] }, hmac(SECRET));

    expect(await withSecret()(token)).toEqual({
      kind: "valid",
      claims: { sub: "ada", exp: 4_102_444_800, rooms: ["den"] },
    });
  });

  test("takes a token without an expiry", async () => {
    const token = forge(HS256, { sub: "ada" }, hmac(SECRET));

    expect(await withSecret()(token)).toEqual({ kind: "valid", claims: { sub: "ada" } });
  });

  test("calls a token whose time is over expired", async () => {
    const token = forge(HS256, { sub: "ada", exp: PAST_S }, hmac(SECRET));

    expect(await withSecret()(token)).toEqual({ kind: "expired" });
  });

  test("goes by the time that it is given", async () => {
    const token = forge(HS256, { exp: FUTURE_S }, hmac(SECRET));
    const key = { kind: "secret", secret: SECRET } as const;
    const verifyAt = (now: number) => createJwtVerifier({ key, clockToleranceSeconds: 0, now: () => now })(token);

    expect(await verifyAt(FUTURE_S * 1_000 - 1)).toEqual({ kind: "valid", claims: { exp: 4_102_444_800 } });
    expect(await verifyAt(FUTURE_S * 1_000)).toEqual({ kind: "expired" });
  });

  test("calls an expired token of a foreign secret invalid", async () => {
    const token = forge(HS256, { exp: PAST_S }, hmac("another secret of thirty-two bytes"));

    expect(await withSecret()(token)).toEqual({ kind: "invalid" });
  });

  test.each([
    ["one byte", new Uint8Array(1), "a token secret needs 32 bytes, this one has 1"],
    ["31 bytes", new Uint8Array(31), "a token secret needs 32 bytes, this one has 31"],
  ])("is not made of %s", (_name, secret, message) => {
    expect(() => createJwtVerifier({ key: { kind: "secret", secret } })).toThrow(new RangeError(message));
  });

  test.each(["HS384", "HS512"] as const)("of %s refuses HS256", async (algorithm) => {
    const verify = createJwtVerifier({ key: { kind: "secret", secret: SECRET, algorithm } });

    expect(await verify(forge(HS256, {}, hmac(SECRET)))).toEqual({ kind: "invalid" });
  });
});

describe("forged tokens", () => {
  test.each(["none", "None", "NONE", "nOnE", ""])(
    "the algorithm %j without a signature is invalid for a secret",
    async (alg) => {
      const token = forge({ alg }, { sub: "root" }, () => Buffer.alloc(0));

      expect(await withSecret()(token)).toEqual({ kind: "invalid" });
    },
  );

  test("the algorithm none is invalid for a public key", async () => {
    const verify = createJwtVerifier({ key: { kind: "public_key", pem: createRsa().pem, algorithm: "RS256" } });

    expect(await verify(forge({ alg: "none" }, { sub: "root" }, () => Buffer.alloc(0)))).toEqual({ kind: "invalid" });
  });

  test("HS256 with the public key as its secret is invalid for a public key", async () => {
    const { pem } = createRsa();
    const verify = createJwtVerifier({ key: { kind: "public_key", pem, algorithm: "RS256" } });

    expect(await verify(forge(HS256, { sub: "root" }, hmac(pem)))).toEqual({ kind: "invalid" });
    expect(await verify(forge(HS256, { sub: "root" }, hmac(pem.trimEnd())))).toEqual({ kind: "invalid" });
  });

  test("HS256 with a public key of the set as its secret is invalid for a key set", async () => {
    const { jwk, pem } = createRsa();
    await using server = await startRecordingServer(() => ({ keys: [{ ...jwk, kid: "one" }] }));
    const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });

    expect(await verify(forge({ alg: "HS256", kid: "one" }, { sub: "root" }, hmac(pem)))).toEqual({ kind: "invalid" });
  });

  test.each(["../../../../dev/null", "'; DROP TABLE keys; --", "one\u0000", "__proto__", "/keys.json?x=1"])(
    "the key id %j finds no key in a set and changes no address",
    async (kid) => {
      const { jwk, privateKey: key } = createRsa();
      await using server = await startRecordingServer(() => ({ keys: [{ ...jwk, kid: "one" }] }));
      const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });

      const verification = await verify(forge({ alg: "RS256", kid }, { sub: "root" }, privateKey(key)));

      expect(verification).toEqual({ kind: "invalid" });
      expect(server.requests).toEqual(["/keys.json"]);
    },
  );

  test("a key id means nothing to a secret", async () => {
    const token = forge({ alg: "HS256", kid: "../../dev/null" }, { sub: "ada" }, hmac(""));

    expect(await withSecret()(token)).toEqual({ kind: "invalid" });
  });

  test.each(["jku", "x5u"])("an address in the header %s is never fetched", async (parameter) => {
    const { jwk, pem, privateKey: key } = createRsa();
    await using trap = await startRecordingServer(() => ({ keys: [{ ...jwk, kid: "one" }] }));
    await using server = await startRecordingServer(() => ({ keys: [{ ...createRsa().jwk, kid: "one" }] }));
    const header = { alg: "RS256", kid: "one", [parameter]: trap.url.href };
    const token = forge(header, { sub: "root" }, privateKey(key));
    const bySet = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });
    const byKey = createJwtVerifier({ key: { kind: "public_key", pem: createRsa().pem, algorithm: "RS256" } });

    expect(await bySet(token)).toEqual({ kind: "invalid" });
    expect(await byKey(token)).toEqual({ kind: "invalid" });
    expect(await withSecret()(forge({ ...header, alg: "HS256" }, {}, hmac(pem)))).toEqual({ kind: "invalid" });
    expect(trap.requests).toEqual([]);
  });

  test("a key in the header is not used", async () => {
    const { jwk, privateKey: key } = createRsa();
    const verify = createJwtVerifier({ key: { kind: "public_key", pem: createRsa().pem, algorithm: "RS256" } });

    expect(await verify(forge({ alg: "RS256", jwk }, { sub: "root" }, privateKey(key)))).toEqual({ kind: "invalid" });
  });

  test("an unknown critical header is invalid", async () => {
    const token = forge({ alg: "HS256", crit: ["own"], own: 1 }, { sub: "ada" }, hmac(SECRET));

    expect(await withSecret()(token)).toEqual({ kind: "invalid" });
  });

  test("changed claims are invalid", async () => {
    const [header, , signature] = forge(HS256, { sub: "ada" }, hmac(SECRET)).split(".");
    const [, claims] = forge(HS256, { sub: "root" }, hmac(SECRET)).split(".");

    expect(await withSecret()(`${header}.${claims}.${signature}`)).toEqual({ kind: "invalid" });
  });

  test.each([
    "",
    ".",
    "..",
    "a.b",
    "a.b.c",
    "a.b.c.d.e",
    "{}",
    "Bearer x",
    "\u{1f98a}.\u{1f98a}.\u{1f98a}",
    "é",
    "\u0000",
  ])("the text %j is invalid", async (token) => {
    expect(await withSecret()(token)).toEqual({ kind: "invalid" });
  });

  test("a token of 100 KB is not looked at, however well it is signed", async () => {
    const token = forge(HS256, { sub: "ada", padding: "x".repeat(100_000) }, hmac(SECRET));

    expect(await withSecret()(token)).toEqual({ kind: "invalid" });
  });

  test("the longest token that is looked at is an option", async () => {
    const token = forge(HS256, { sub: "ada", padding: "x".repeat(10_000) }, hmac(SECRET));
    const key = { kind: "secret", secret: SECRET } as const;

    const verification = await createJwtVerifier({ key, maxTokenLength: token.length })(token);

    expect(verification.kind).toBe("valid");
    expect(await createJwtVerifier({ key, maxTokenLength: token.length - 1 })(token)).toEqual({ kind: "invalid" });
  });
});

describe("claims", () => {
  test.each<[string, unknown, "valid" | "expired" | "invalid"]>([
    ["a string", "4102444800", "invalid"],
    ["a word", "never", "invalid"],
    ["negative", -1, "expired"],
    ["a fraction in the past", 1_000_000_000.5, "expired"],
    ["a fraction in the future", 4_102_444_800.5, "valid"],
    ["null", null, "invalid"],
    ["a list", [4_102_444_800], "invalid"],
    ["an object", {}, "invalid"],
    ["true", true, "invalid"],
  ])("an expiry that is %s", async (_name, exp, kind) => {
    expect((await withSecret()(forge(HS256, { exp }, hmac(SECRET)))).kind).toBe(kind);
  });

  test.each<[string, unknown]>([
    ["in the future", FUTURE_S],
    ["a string", "1000000000"],
  ])("a start that is %s is invalid", async (_name, nbf) => {
    expect(await withSecret()(forge(HS256, { nbf }, hmac(SECRET)))).toEqual({ kind: "invalid" });
  });

  test.each(["胡同", "Zoë\u0301", "\u202eadmin", "a\u0000b", "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}", "\ud800"])(
    "the subject %j comes out as it went in",
    async (sub) => {
      expect(await withSecret()(forge(HS256, { sub }, hmac(SECRET)))).toEqual({ kind: "valid", claims: { sub } });
    },
  );

  test.each<[string, unknown]>([
    ["a list", []],
    ["null", null],
    ["a number", 7],
    ["a text", "claims"],
  ])("claims that are %s are invalid", async (_name, claims) => {
    expect(await withSecret()(forge(HS256, claims, hmac(SECRET)))).toEqual({ kind: "invalid" });
  });

  test("a member named __proto__ changes no prototype", async () => {
    const claims: unknown = JSON.parse(`{"__proto__":{"admin":true}}`);

    const verification = await withSecret()(forge(HS256, claims, hmac(SECRET)));

    expect(verification.kind).toBe("valid");
    expect("admin" in {}).toBe(false);
  });

  test.each<[string, object, "valid" | "invalid"]>([
    ["right", { iss: "hutong", aud: "chat" }, "valid"],
    ["right, one of several audiences", { iss: "hutong", aud: ["mail", "chat"] }, "valid"],
    ["of another issuer", { iss: "other", aud: "chat" }, "invalid"],
    ["for another audience", { iss: "hutong", aud: "mail" }, "invalid"],
    ["without an issuer", { aud: "chat" }, "invalid"],
    ["without an audience", { iss: "hutong" }, "invalid"],
    ["with a list of issuers", { iss: ["hutong"], aud: "chat" }, "invalid"],
  ])("with issuer and audience required, a token that is %s", async (_name, claims, kind) => {
    const key = { kind: "secret", secret: SECRET } as const;
    const verify = createJwtVerifier({ key, issuer: "hutong", audience: "chat" });

    expect((await verify(forge(HS256, claims, hmac(SECRET)))).kind).toBe(kind);
  });
});

describe("a verifier with a public key", () => {
  test("takes RS256", async () => {
    const { pem, privateKey: key } = createRsa();
    const verify = createJwtVerifier({ key: { kind: "public_key", pem, algorithm: "RS256" } });

    const verification = await verify(forge({ alg: "RS256" }, { sub: "ada" }, privateKey(key)));

    expect(verification).toEqual({ kind: "valid", claims: { sub: "ada" } });
  });

  test("takes EdDSA", async () => {
    const pair = generateKeyPairSync("ed25519");
    const pem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
    const verify = createJwtVerifier({ key: { kind: "public_key", pem, algorithm: "EdDSA" } });

    const verification = await verify(forge({ alg: "EdDSA" }, { sub: "ada" }, privateKey(pair.privateKey)));

    expect(verification).toEqual({ kind: "valid", claims: { sub: "ada" } });
  });

  test("refuses a token of another key", async () => {
    const verify = createJwtVerifier({ key: { kind: "public_key", pem: createRsa().pem, algorithm: "RS256" } });

    const verification = await verify(forge({ alg: "RS256" }, { sub: "ada" }, privateKey(createRsa().privateKey)));

    expect(verification).toEqual({ kind: "invalid" });
  });

  test("rejects every verification when the key is no PEM", async () => {
    const verify = createJwtVerifier({ key: { kind: "public_key", pem: "no key", algorithm: "RS256" } });
    const token = forge({ alg: "RS256" }, {}, privateKey(createRsa().privateKey));

    await expect(verify(token)).rejects.toThrow("the key to check tokens with cannot be had");
    await expect(verify(token)).rejects.toThrow("the key to check tokens with cannot be had");
  });
});

test("a key that is too short to be used is told, and not taken for a fault of each token", async () => {
  const { publicKey, privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 1_024 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  await using server = await startRecordingServer(() => ({ keys: [publicKey.export({ format: "jwk" })] }));
  const token = forge({ alg: "RS256" }, { sub: "ada" }, privateKey(key));

  for (const given of [
    { kind: "public_key", pem, algorithm: "RS256" },
    { kind: "jwks", url: server.url, algorithms: ["RS256"] },
  ] as const)
    await expect(createJwtVerifier({ key: given })(token)).rejects.toMatchObject({
      message: "the key to check tokens with cannot be had",
      cause: new RangeError("an RSA key needs 2048 bits, this one has 1024"),
    });
});

describe("a verifier with a key set", () => {
  test("fetches the set once for many tokens", async () => {
    const { jwk, privateKey: key } = createRsa();
    await using server = await startRecordingServer(() => ({ keys: [{ ...jwk, kid: "one" }] }));
    const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });
    const token = forge({ alg: "RS256", kid: "one" }, { sub: "ada" }, privateKey(key));

    const verifications = await Promise.all([verify(token), verify(token), verify(token)]);

    expect(verifications.map(({ kind }) => kind)).toEqual(["valid", "valid", "valid"]);
    expect(await verify(token)).toEqual({ kind: "valid", claims: { sub: "ada" } });
    expect(server.requests).toEqual(["/keys.json"]);
  });

  test("checks a token with the key that its key id names", async () => {
    const [first, second] = [createRsa(), createRsa()];
    await using server = await startRecordingServer(() => ({
      keys: [
        { ...first.jwk, kid: "first" },
        { ...second.jwk, kid: "second" },
      ],
    }));
    const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });
    const sign = privateKey(second.privateKey);

    expect((await verify(forge({ alg: "RS256", kid: "second" }, {}, sign))).kind).toBe("valid");
    expect(await verify(forge({ alg: "RS256", kid: "first" }, {}, sign))).toEqual({ kind: "invalid" });
    // Without a key id, two keys could be meant.
    expect(await verify(forge({ alg: "RS256" }, {}, sign))).toEqual({ kind: "invalid" });
  });

  test("refuses an algorithm that is not on its list, though the set has a key for it", async () => {
    const { jwk, privateKey: key } = createRsa();
    await using server = await startRecordingServer(() => ({ keys: [{ ...jwk, kid: "one" }] }));
    const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["ES256"] } });

    const verification = await verify(forge({ alg: "RS256", kid: "one" }, {}, privateKey(key)));

    expect(verification).toEqual({ kind: "invalid" });
  });

  test("rejects when the set cannot be reached", async () => {
    const { jwk, privateKey: key } = createRsa();
    const server = await startRecordingServer(() => ({ keys: [jwk] }));
    await server[Symbol.asyncDispose]();
    const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });

    await expect(verify(forge({ alg: "RS256" }, {}, privateKey(key)))).rejects.toThrow(
      "the key to check tokens with cannot be had",
    );
  });

  test("verifies again once the set is back", async () => {
    const { jwk, privateKey: key } = createRsa();
    let answer: object = { message: "starting" };
    await using server = await startRecordingServer(() => answer);
    const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });
    const token = forge({ alg: "RS256" }, { sub: "ada" }, privateKey(key));

    await expect(verify(token)).rejects.toThrow("the key to check tokens with cannot be had");
    answer = { keys: [jwk] };

    expect(await verify(token)).toEqual({ kind: "valid", claims: { sub: "ada" } });
  });

  test.each<[string, object, number]>([
    ["an error page", { keys: [] }, 500],
    ["a redirect", { keys: [] }, 302],
    ["no key set", { message: "hello" }, 200],
  ])("rejects when the address answers with %s", async (_name, answer, status) => {
    await using server = await startRecordingServer(() => answer, status);
    const verify = createJwtVerifier({ key: { kind: "jwks", url: server.url, algorithms: ["RS256"] } });
    const token = forge({ alg: "RS256" }, {}, privateKey(createRsa().privateKey));

    await expect(verify(token)).rejects.toThrow("the key to check tokens with cannot be had");
  });
});
