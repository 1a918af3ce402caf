import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** 2100-01-01, in seconds since 1970. */
export const FUTURE_S = 4_102_444_800;
/** 2001-09-09, in seconds since 1970. */
export const PAST_S = 1_000_000_000;

/** The secret of the tests, 32 bytes. */
export const SECRET = new TextEncoder().encode("0123456789abcdef0123456789abcdef");

/** Signs the text `header.payload`. */
export type Signer = (input: string) => Buffer;

/** A token of any header and any claims: nothing is checked or added. */
export function forge(header: object, claims: unknown, signer: Signer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signer(input).toString("base64url")}`;
}

/** Signs as HS256. */
export function hmac(secret: Uint8Array | string): Signer {
  return (input) => createHmac("sha256", secret).update(input).digest();
}

/** Signs as RS256, or as EdDSA with a key of that kind. */
export function privateKey(key: KeyObject): Signer {
  return (input) => sign(key.asymmetricKeyType === "ed25519" ? null : "sha256", Buffer.from(input), key);
}

/** An RSA key pair, and the public half as PEM and as JWK. */
export function createRsa() {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  return { ...pair, pem, jwk: pair.publicKey.export({ format: "jwk" }) };
}

/** An HTTP server on this machine that records what it is asked for and answers with JSON. */
export interface RecordingServer extends AsyncDisposable {
  readonly url: URL;
  /** Paths, in the order of the requests. */
  readonly requests: readonly string[];
}

/** Starts a {@link RecordingServer}; `answer` is asked at each request, so that it may change. */
export async function startRecordingServer(answer: () => object, status = 200): Promise<RecordingServer> {
  const requests: string[] = [];
  const http = createServer((request, response) => {
    requests.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer()));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo; // a listening TCP server has an address object
  return {
    url: new URL(`http://127.0.0.1:${port}/keys.json`),
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
