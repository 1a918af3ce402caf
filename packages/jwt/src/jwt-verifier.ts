import {
  createRemoteJWKSet,
  errors,
  importSPKI,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  type JWTVerifyOptions,
} from "jose";

/**
 * What tokens are checked with. Each kind allows only algorithms of its own, so a
 * token cannot choose how it is checked: a public key is never used as a secret, and `none` is no algorithm.
 */
export type JwtKey =
  | {
      readonly kind: "secret";
      /** At least 32 bytes. */
      readonly secret: Uint8Array;
      /** @defaultValue `"HS256"` */
      readonly algorithm?: "HS256" | "HS384" | "HS512";
    }
  | {
      readonly kind: "public_key";
      /** PEM text, `-----BEGIN PUBLIC KEY-----`. */
      readonly pem: string;
      readonly algorithm: "RS256" | "PS256" | "ES256" | "EdDSA";
    }
  | {
      readonly kind: "jwks";
      /** Address of the issuer's key set. It is fetched when a token names a key that is not cached; nothing in a token changes the address. */
      readonly url: URL;
      readonly algorithms: readonly ("RS256" | "PS256" | "ES256" | "EdDSA")[];
    };

/** Options of {@link createJwtVerifier}. */
export interface JwtVerifierOptions {
  readonly key: JwtKey;
  /** Required `iss` claim. @defaultValue any */
  readonly issuer?: string;
  /** Required `aud` claim. @defaultValue any */
  readonly audience?: string;
  /** Difference between clocks that is forgiven, in seconds. @defaultValue 5 */
  readonly clockToleranceSeconds?: number;
  /** Longest token that is looked at, in characters. @defaultValue 8_192 */
  readonly maxTokenLength?: number;
  /** What time it is, in milliseconds since 1970. @defaultValue the machine's time */
  readonly now?: () => number;
}

/** What a verifier says of a token. It never says why a token is invalid, so that nobody can feel their way to a valid one. */
export type JwtVerification =
  | { readonly kind: "valid"; readonly claims: Readonly<JWTPayload> }
  | { readonly kind: "expired" }
  | { readonly kind: "invalid" };

/** Checks a token. Rejects only when the key cannot be had, for example when a key set does not answer, or cannot be used. */
export type JwtVerifier = (token: string) => Promise<JwtVerification>;

const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 2_048;

/**
 * Makes a verifier for `connect` handlers. Tokens without an expiry are valid for ever.
 *
 * @throws {RangeError} when a secret is shorter than 32 bytes.
 * @example
 * const verify = createJwtVerifier({ key: { kind: "secret", secret } });
 * const connect = async ({ token = "" }) => {
 *   const verification = await verify(token);
 *   return verification.kind === "valid" ? { assigns: { user: verification.claims.sub } } : refuse("unauthorized");
 * };
 */
export function createJwtVerifier(options: JwtVerifierOptions): JwtVerifier {
  const { key, issuer, audience, clockToleranceSeconds = 5, maxTokenLength = 8_192, now } = options;
  const getKey = tellingKeyErrors(toKeySource(key));
  const algorithms = key.kind === "jwks" ? [...key.algorithms] : [key.algorithm ?? "HS256"];
  const checks: JWTVerifyOptions = {
    algorithms,
    clockTolerance: clockToleranceSeconds,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  return async (token) => {
    if (token.length > maxTokenLength) return { kind: "invalid" };
    try {
      const { payload } = await jwtVerify(token, getKey, {
        ...checks,
        ...(now !== undefined && { currentDate: new Date(now()) }),
      });
      return { kind: "valid", claims: payload };
    } catch (error) {
      return toVerification(error);
    }
  };
}

function toKeySource(key: JwtKey): JWTVerifyGetKey {
  switch (key.kind) {
    case "secret": {
      const { secret } = key;
      if (secret.length < MIN_SECRET_BYTES)
        throw new RangeError(`a token secret needs ${MIN_SECRET_BYTES} bytes, this one has ${secret.length}`);
      return async () => secret;
    }
    case "public_key": {
      const imported = importSPKI(key.pem, key.algorithm);
      imported.catch(() => {}); // reported by the first verification, which awaits it
      return () => imported;
    }
    case "jwks":
      return createRemoteJWKSet(key.url);
    default:
      return key satisfies never;
  }
}

/** The key cannot be had, which says nothing about the token. */
class KeyError extends Error {
  override readonly name = "KeyError";
}

/** Sets failures to get a key apart from the faults of a token, because `fetch` and token parsing throw the same classes. */
function tellingKeyErrors(getKey: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      const key = await getKey(header, token);
      requireLength(key);
      return key;
    } catch (cause) {
      if (TOKEN_NAMES_NO_KEY.some((kind) => cause instanceof kind)) throw cause;
      throw new KeyError("the key to check tokens with cannot be had", { cause });
    }
  };
}

/** The library says of a key that is too short what it says of malformed tokens, and every token would be invalid. */
function requireLength(key: object): void {
  const algorithm: unknown = "algorithm" in key ? key.algorithm : undefined;
  if (typeof algorithm !== "object" || algorithm === null || !("modulusLength" in algorithm)) return;
  const bits = Number(algorithm.modulusLength);
  if (bits < MIN_RSA_BITS) throw new RangeError(`an RSA key needs ${MIN_RSA_BITS} bits, this one has ${bits}`);
}

/** The key set is there, and what the token says of its key picks none, or not one. */
const TOKEN_NAMES_NO_KEY = [
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSENotSupported,
] as const;

function toVerification(error: unknown): JwtVerification {
  if (error instanceof errors.JWTExpired) return { kind: "expired" };
  // The library reports some malformed tokens as TypeError.
  if (error instanceof errors.JOSEError || error instanceof TypeError) return { kind: "invalid" };
  throw error;
}
