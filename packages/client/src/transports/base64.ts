/** Encodes bytes in standard base64, with padding. */
export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // One character per byte is what btoa takes; spreading a large array would overflow the stack.
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
