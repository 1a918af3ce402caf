// `TextEncoder` and `TextDecoder` are missing in the mini-program runtimes that
// the client codec also runs in. The URI functions are part of the language and
// hold a strict UTF-8 coder; what passes here is short (the fields of binary
// frames) or rare (a whole V1 frame sent as bytes).

/** Encodes text as UTF-8. A lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const escaped = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd"));
  const bytes = escaped.replace(/%(..)/g, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
}

/** Decodes UTF-8; `undefined` when the bytes are not valid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let escaped = "";
  for (const byte of bytes) escaped += `%${byte < 16 ? "0" : ""}${byte.toString(16)}`;
  try {
    return decodeURIComponent(escaped);
  } catch {
    // Only a URIError can come here: the bytes are not UTF-8.
    return undefined;
  }
}
