/** An unguessable id of 32 letters and digits. Works without HTTPS too, where `crypto.randomUUID` is missing. */
export function createId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
