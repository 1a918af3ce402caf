/** Makes and reads the names of streams that only this server can give out. Made by {@link createSignedStreams}. */
export interface SignedStreams {
  /** The name with its signature, to be handed to a client that may follow the stream. */
  sign(stream: string): Promise<string>;
  /** The name in a signed one; `undefined` when the signature is not ours. Never rejects. */
  verify(signedStream: string): Promise<string | undefined>;
}

/** Options of {@link createSignedStreams}. */
export interface SignedStreamsOptions {
  /** Known to whoever signs and to this server; at least 16 bytes of randomness are worth it. */
  readonly secret: string;
}

// The global name of the type differs between browsers, workers and Node.
type HmacKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

const ALGORITHM = { name: "HMAC", hash: "SHA-256" } as const;

/** Base64 of the name as JSON, two hyphens, and the signature of that base64 in hexadecimal. */
const SIGNED = /^([A-Za-z\d+/]+={0,2})--([\da-f]{64})$/;

/**
 * Signs names the way Rails' message verifier and AnyCable do, so that they can be signed there and read here.
 *
 * @throws {TypeError} when the secret is empty.
 * @example
 * const streams = createSignedStreams({ secret });
 * const token = await streams.sign("chat/2");
 */
export function createSignedStreams({ secret }: SignedStreamsOptions): SignedStreams {
  if (secret === "") throw new TypeError("the secret of signed streams must not be empty");
  const encoder = new TextEncoder();
  const importKey = (): Promise<HmacKey> =>
    crypto.subtle.importKey("raw", encoder.encode(secret), ALGORITHM, false, ["sign", "verify"]);
  let imported: Promise<HmacKey> | undefined;
  const key = (): Promise<HmacKey> => (imported ??= importKey());
  return {
    async sign(stream) {
      const encoded = btoa(String.fromCharCode(...encoder.encode(JSON.stringify(stream))));
      const signature = await crypto.subtle.sign(ALGORITHM, await key(), encoder.encode(encoded));
      return `${encoded}--${toHex(new Uint8Array(signature))}`;
    },
    async verify(signedStream) {
      const [, encoded = "", signature = ""] = SIGNED.exec(signedStream) ?? [];
      // `verify` of WebCrypto compares in constant time.
      const isOurs = await crypto.subtle.verify(ALGORITHM, await key(), fromHex(signature), encoder.encode(encoded));
      return isOurs ? readSignedStream(signedStream) : undefined;
    },
  };
}

/** The name that a signed one claims, its signature unseen; `undefined` when it is malformed. */
export function readSignedStream(signedStream: string): string | undefined {
  const [, encoded] = SIGNED.exec(signedStream) ?? [];
  if (encoded === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const stream: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof stream === "string" ? stream : undefined;
  } catch {
    // The base64, the UTF-8 or the JSON inside is malformed.
    return undefined;
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}
